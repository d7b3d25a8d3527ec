package io.pushwire.driver.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.pushwire.api.PushwireException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Makes connections that fail fast: a command is refused while its connection is down, and fails
 * {@value #TIMEOUT_SECONDS} seconds after it was given. Lettuce's own default keeps commands
 * without bound and runs them late. Finds out by itself whether it talks to a Cluster.
 *
 * @since 0.1
 */
public final class RedisClients implements AutoCloseable {
  /** How long a blocking command may block, in seconds. */
  public static final int BLOCK_SECONDS = 5;

  private static final int TIMEOUT_SECONDS = 2;
  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final ClientResources resources;
  private final RedisUris uris;
  private final AbstractRedisClient client;

  private RedisClients(ClientResources resources, RedisUris uris, AbstractRedisClient client) {
    this.uris = uris;
    this.resources = resources;
    this.client = client;
  }

  /**
   * Asks Redis whether it is a Cluster. Blocks for some seconds at most.
   *
   * @param uris where it is
   * @return makes connections
   * @throws PushwireException if it cannot be reached, or refuses the password
   */
  public static RedisClients open(RedisUris uris) {
    ClientResources resources =
        DefaultClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .reconnectDelay(
                Delay.fullJitter(
                    Duration.ofMillis(50), Duration.ofSeconds(1), 50, TimeUnit.MILLISECONDS))
            .build();
    try {
      boolean cluster = uris.isSeveral() || isCluster(uris, resources);
      return new RedisClients(
          resources, uris, cluster ? clusterClient(uris, resources) : client(uris, resources));
    } catch (RedisException e) {
      resources.shutdown(0, CLOSE.toMillis(), TimeUnit.MILLISECONDS);
      throw unreachable(uris, e);
    }
  }

  private static PushwireException unreachable(RedisUris uris, Throwable e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new PushwireException(
        "Redis cannot be reached at "
            + uris
            + ": "
            + RedisUris.masked(String.valueOf(cause.getMessage()))
            + ". Start it, or correct the uri",
        e);
  }

  private static boolean isCluster(RedisUris uris, ClientResources resources) {
    RedisClient probe = client(uris, resources);
    try (StatefulRedisConnection<String, String> connection = probe.connect()) {
      return connection.sync().info("cluster").contains("cluster_enabled:1");
    } finally {
      probe.shutdown(0, CLOSE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private static RedisClient client(RedisUris uris, ClientResources resources) {
    RedisClient client = RedisClient.create(resources, uris.uris().get(0));
    // whoever owns the connection makes a new one, prepares it, and only then lets it be used
    client.setOptions(options(ClientOptions.builder()).autoReconnect(false).build());
    return client;
  }

  private static RedisClusterClient clusterClient(RedisUris uris, ClientResources resources) {
    RedisClusterClient client = RedisClusterClient.create(resources, uris.uris());
    ClusterClientOptions.Builder builder =
        ClusterClientOptions.builder()
            .topologyRefreshOptions(
                ClusterTopologyRefreshOptions.builder()
                    .adaptiveRefreshTriggersTimeout(Duration.ofMillis(500))
                    .refreshTriggersReconnectAttempts(1)
                    .enablePeriodicRefresh(Duration.ofSeconds(10))
                    .build());
    options(builder);
    client.setOptions(builder.build());
    return client;
  }

  private static ClientOptions.Builder options(ClientOptions.Builder builder) {
    return builder
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .replayFilter(command -> true)
        .socketOptions(SocketOptions.builder().connectTimeout(RedisUris.TIMEOUT).build())
        .timeoutOptions(TimeoutOptions.builder().timeoutSource(new Timeouts()).build());
  }

  /**
   * @return whether it is a Cluster
   */
  public boolean isCluster() {
    return client instanceof RedisClusterClient;
  }

  /**
   * Makes a connection. Outside of a Cluster it is not restored by itself when it is lost.
   *
   * @return the connection; fails if Redis cannot be reached
   */
  public CompletionStage<RedisConnection> connect() {
    if (client instanceof RedisClusterClient cluster) {
      return cluster
          .connectAsync(ByteArrayCodec.INSTANCE)
          .thenApply(c -> new RedisConnection(c, c.async()));
    }
    RedisClient single = (RedisClient) client;
    return single
        .connectAsync(ByteArrayCodec.INSTANCE, uris.uris().get(0))
        .thenApply(c -> new RedisConnection(c, c.async()));
  }

  /** Closes all connections and ends the threads. */
  @Override
  public void close() {
    client.shutdown(0, CLOSE.toMillis(), TimeUnit.MILLISECONDS);
    resources
        .shutdown(0, CLOSE.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(CLOSE.toMillis());
  }

  private static final class Timeouts extends TimeoutOptions.TimeoutSource {
    @Override
    public long getTimeout(RedisCommand<?, ?, ?> command) {
      boolean blocks = command.getType() == CommandType.BLMOVE;
      return blocks ? BLOCK_SECONDS + TIMEOUT_SECONDS : TIMEOUT_SECONDS;
    }

    @Override
    public TimeUnit getTimeUnit() {
      return TimeUnit.SECONDS;
    }
  }
}
