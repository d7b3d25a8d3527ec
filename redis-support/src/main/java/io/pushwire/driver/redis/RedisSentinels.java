package io.pushwire.driver.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.pushwire.api.PushwireException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A group of Sentinels.
 *
 * @since 0.1
 */
public final class RedisSentinels {
  private RedisSentinels() {}

  /**
   * Asks the Sentinels. Lettuce would do so itself, but with threads that no close ends.
   *
   * @param client connects to them
   * @param group the Sentinels, and how the servers are to be reached
   * @return where the master is now
   */
  public static CompletionStage<RedisURI> master(RedisClient client, RedisURI group) {
    String name = group.getSentinelMasterId();
    return client
        .connectSentinelAsync(StringCodec.UTF8, group)
        .thenCompose(
            sentinel ->
                sentinel
                    .async()
                    .getMasterAddrByName(name)
                    .toCompletableFuture()
                    .orTimeout(group.getTimeout().toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((address, e) -> sentinel.closeAsync()))
        .thenApply(
            address -> {
              if (address instanceof InetSocketAddress master) {
                return RedisURI.builder(group)
                    .withHost(master.getHostString())
                    .withPort(master.getPort())
                    .build();
              }
              throw new PushwireException("The Sentinels know no master named '" + name + "'");
            });
  }
}
