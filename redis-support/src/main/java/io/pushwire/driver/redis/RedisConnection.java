package io.pushwire.driver.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

/**
 * A connection to Redis, or to all nodes of a Cluster.
 *
 * @param connection to be listened to, and closed
 * @param commands what both kinds can do
 * @since 0.1
 */
public record RedisConnection(
    StatefulConnection<byte[], byte[]> connection,
    RedisClusterAsyncCommands<byte[], byte[]> commands) {
  /** Closes it; what is under way fails. Returns at once. */
  public void close() {
    connection.closeAsync();
  }
}
