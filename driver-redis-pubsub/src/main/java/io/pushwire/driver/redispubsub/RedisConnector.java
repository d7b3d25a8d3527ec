package io.pushwire.driver.redispubsub;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ConnectionFuture;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.pushwire.core.LinkKeeper;
import io.pushwire.driver.redis.Lettuce;
import io.pushwire.driver.redis.Sentinels;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes connections to Redis: to the server, to the master that the Sentinels name, or to any node
 * of a Cluster, because plain Pub/Sub passes between all of them.
 *
 * <p>Lettuce's own reconnection is off. It would send again what was under way, seconds late, and
 * subscribe to all channels with one command; {@link LinkKeeper} connects anew instead, and asks
 * the Sentinels each time.
 */
final class RedisConnector implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RedisConnector.class);
  private static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
  private static final Duration CLOSE = Duration.ofSeconds(2);

  // more than any window of a sender; above 100,000 Lettuce's queues grow with their content
  private static final int MOST_COMMANDS = 131_072;

  private final ClientResources resources;
  private final RedisClient client;
  private final Servers servers;

  RedisConnector(RedisPubSubConfig config, String nodeName) {
    servers = new Servers(config.servers().uris());
    for (RedisURI uri : config.servers().uris()) {
      uri.setTimeout(config.connectTimeout());
      uri.setClientName("pushwire-" + nodeName);
    }
    resources = Lettuce.resources("pushwire-" + nodeName).ioThreadPoolSize(2).build();
    client = RedisClient.create(resources);
    client.setOptions(
        Lettuce.options(ClientOptions.builder(), config.tls(), config.connectTimeout())
            .requestQueueSize(MOST_COMMANDS)
            // with RESP3 Lettuce copies each message twice
            .protocolVersion(ProtocolVersion.RESP2)
            .build());
  }

  CompletionStage<Connected<StatefulRedisPubSubConnection<String, byte[]>>> subscriber() {
    return servers.firstThat(
        uri -> connect(uri, server -> client.connectPubSubAsync(CODEC, server)));
  }

  CompletionStage<Connected<StatefulRedisConnection<String, byte[]>>> publisher() {
    return servers.firstThat(uri -> connect(uri, server -> client.connectAsync(CODEC, server)));
  }

  private <C extends StatefulRedisConnection<String, byte[]>> CompletionStage<Connected<C>> connect(
      RedisURI uri, Function<RedisURI, ConnectionFuture<C>> open) {
    return Sentinels.connect(client, uri, open)
        .thenCompose(
            connection ->
                ServerKind.of(connection)
                    .toCompletableFuture()
                    .orTimeout(uri.getTimeout().toMillis(), TimeUnit.MILLISECONDS)
                    .thenApply(kind -> checked(connection, kind, uri))
                    .whenComplete(
                        (good, e) -> {
                          if (e != null) {
                            connection.closeAsync();
                          }
                        }));
  }

  private <C extends StatefulRedisConnection<String, byte[]>> Connected<C> checked(
      C connection, ServerKind kind, RedisURI uri) {
    kind.checkUsable(!uri.getSentinels().isEmpty());
    servers.learn(kind.clusterNodes(), uri);
    return new Connected<>(connection, kind);
  }

  /** The servers as configured, for the eye: without a password. */
  List<String> shown() {
    return servers.shown();
  }

  /** Ends all connections and threads; blocks for some seconds at most. */
  @Override
  public void close() {
    try {
      client
          .shutdownAsync(0, CLOSE.toMillis(), TimeUnit.MILLISECONDS)
          .get(CLOSE.toMillis(), TimeUnit.MILLISECONDS);
      resources
          .shutdown(0, CLOSE.toMillis(), TimeUnit.MILLISECONDS)
          .get(CLOSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.warn("The connections to Redis did not close cleanly", e);
    }
  }

  /** A connection, and what it leads to. */
  record Connected<C extends StatefulRedisConnection<String, byte[]>>(
      C connection, ServerKind kind) {
    /** Calls back when it is lost; at once, if it is. */
    void onLoss(Runnable lost) {
      connection.addListener(
          new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> gone) {
              lost.run();
            }
          });
      if (!connection.isOpen()) {
        lost.run();
      }
    }
  }
}
