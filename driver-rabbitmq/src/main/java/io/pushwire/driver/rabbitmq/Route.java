package io.pushwire.driver.rabbitmq;

/**
 * Where a message goes on the broker. What one node sends along one route is numbered, so that who
 * reads it sees what is missing.
 *
 * @param exchange empty: the key is a queue's name
 * @param key empty for fanout exchanges
 */
record Route(String exchange, String key) {}
