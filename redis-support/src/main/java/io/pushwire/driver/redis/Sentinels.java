package io.pushwire.driver.redis;

import io.lettuce.core.ConnectionFuture;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.pushwire.api.PushwireException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Finds the master that Sentinels name. Lettuce would do so itself, but with threads that no close
 * ends.
 *
 * @since 0.1
 */
public final class Sentinels {
  private Sentinels() {}

  /**
   * Connects to the server, or to the master of a group: the Sentinels are asked each time. Returns
   * at once.
   *
   * @param client makes the connections
   * @param uri a server, or a group of Sentinels and how its servers are to be reached
   * @param open connects to one server
   * @param <C> the kind of connection
   * @return the connection; fails if the Sentinels know no such master, or it cannot be reached
   */
  public static <C> CompletionStage<C> connect(
      RedisClient client, RedisURI uri, Function<RedisURI, ConnectionFuture<C>> open) {
    CompletionStage<RedisURI> server =
        uri.getSentinels().isEmpty() ? CompletableFuture.completedStage(uri) : master(client, uri);
    return server.thenCompose(master -> plain(open.apply(master)));
  }

  private static CompletionStage<RedisURI> master(RedisClient client, RedisURI group) {
    String name = group.getSentinelMasterId();
    return plain(client.connectSentinelAsync(StringCodec.UTF8, group))
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

  /** Lettuce's own kind never completes inside a thenCompose, which looks behind its methods. */
  private static <C> CompletionStage<C> plain(CompletionStage<C> lettuce) {
    CompletableFuture<C> plain = new CompletableFuture<>();
    lettuce.whenComplete(
        (connection, e) -> {
          if (e == null) {
            plain.complete(connection);
          } else {
            plain.completeExceptionally(e);
          }
        });
    return plain;
  }
}
