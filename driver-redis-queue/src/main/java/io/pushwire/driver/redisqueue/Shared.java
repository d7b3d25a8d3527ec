package io.pushwire.driver.redisqueue;

import io.pushwire.core.DriverContext;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all parts of one driver know.
 *
 * @param context the node, and what the driver calls
 * @param config the settings
 * @param link to Redis
 * @param me this start of this node
 * @param generation counts how often the node registered: a new one once its lease was lost
 * @param thread runs what is due at a time
 * @param closed nothing is delivered any more
 */
record Shared(
    DriverContext context,
    RedisQueueConfig config,
    Link link,
    Keys.NodeKeys me,
    AtomicLong generation,
    ScheduledExecutorService thread,
    AtomicBoolean closed) {
  Keys keys() {
    return config.keys();
  }

  byte[] name() {
    return Keys.utf8(me.name());
  }
}
