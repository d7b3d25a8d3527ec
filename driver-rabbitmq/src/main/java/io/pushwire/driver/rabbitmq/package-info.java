/**
 * Carries envelopes between nodes over RabbitMQ: confirmed by the broker, acknowledged by the node
 * that delivered them. Messages of programs that know nothing of Pushwire come in through queues.
 */
@NullMarked
package io.pushwire.driver.rabbitmq;

import org.jspecify.annotations.NullMarked;
