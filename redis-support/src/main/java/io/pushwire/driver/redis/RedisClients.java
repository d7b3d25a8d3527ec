package io.pushwire.driver.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.Delay;
import io.netty.channel.EventLoopGroup;
import io.pushwire.api.PushwireException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections that fail fast: a command is refused while its connection is down. Lettuce's
 * own default keeps commands without bound and runs them late. Finds out by itself whether it talks
 * to a Cluster.
 *
 * @since 0.1
 */
public final class RedisClients implements AutoCloseable {
  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final ClientResources resources;
  private final Loop loop;
  private final RedisUris uris;
  private final AbstractRedisClient client;

  private RedisClients(
      ClientResources resources, Loop loop, RedisUris uris, AbstractRedisClient client) {
    this.loop = loop;
    this.uris = uris;
    this.resources = resources;
    this.client = client;
  }

  /**
   * Asks Redis whether it is a Cluster. Blocks for some seconds at most.
   *
   * @param uris where it is
   * @param tls for {@code rediss}
   * @param name what Redis lists the connections by
   * @return makes connections
   * @throws PushwireException if it cannot be reached, or refuses the password
   */
  public static RedisClients open(RedisUris uris, RedisTls tls, String name) {
    for (RedisURI uri : uris.uris()) {
      uri.setTimeout(RedisUris.TIMEOUT);
      uri.setClientName(name);
    }
    Loop loop = new Loop(name);
    ClientResources resources =
        Lettuce.resources(name)
            .eventLoopGroupProvider(loop)
            .reconnectDelay(
                Delay.fullJitter(
                    Duration.ofMillis(50), Duration.ofSeconds(1), 50, TimeUnit.MILLISECONDS))
            .build();
    try {
      boolean cluster = uris.uris().size() > 1 || isCluster(uris, tls, resources);
      return new RedisClients(
          resources,
          loop,
          uris,
          cluster ? clusterClient(uris, tls, resources) : client(uris, tls, resources));
    } catch (RedisException | CompletionException e) {
      resources.shutdown(0, CLOSE.toMillis(), TimeUnit.MILLISECONDS);
      throw unreachable(uris, e);
    }
  }

  private static PushwireException unreachable(RedisUris uris, Throwable e) {
    Throwable cause = e;
    for (Throwable deeper = e.getCause(); deeper != null; deeper = deeper.getCause()) {
      cause = deeper;
    }
    return new PushwireException(
        "Redis cannot be reached at "
            + uris
            + ": "
            + cause.getMessage()
            + ". Start it, or correct the uri",
        e);
  }

  private static boolean isCluster(RedisUris uris, RedisTls tls, ClientResources resources) {
    RedisClient probe = client(uris, tls, resources);
    try (StatefulRedisConnection<String, String> connection =
        Sentinels.connect(
                probe, uris.uris().get(0), server -> probe.connectAsync(StringCodec.UTF8, server))
            .toCompletableFuture()
            .join()) {
      return connection.sync().info("cluster").contains("cluster_enabled:1");
    } finally {
      probe.shutdown(0, CLOSE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private static RedisClient client(RedisUris uris, RedisTls tls, ClientResources resources) {
    RedisClient client = RedisClient.create(resources, uris.uris().get(0));
    client.setOptions(Lettuce.options(ClientOptions.builder(), tls, RedisUris.TIMEOUT).build());
    return client;
  }

  private static RedisClusterClient clusterClient(
      RedisUris uris, RedisTls tls, ClientResources resources) {
    RedisClusterClient client = RedisClusterClient.create(resources, uris.uris());
    ClusterClientOptions.Builder builder =
        ClusterClientOptions.builder()
            .topologyRefreshOptions(
                ClusterTopologyRefreshOptions.builder()
                    .adaptiveRefreshTriggersTimeout(Duration.ofMillis(500))
                    .refreshTriggersReconnectAttempts(1)
                    .enablePeriodicRefresh(Duration.ofSeconds(10))
                    .build());
    Lettuce.options(builder, tls, RedisUris.TIMEOUT);
    // a Cluster's connections are many, and come back by themselves, without what was under way
    builder.autoReconnect(true).replayFilter(command -> true);
    client.setOptions(builder.build());
    client.getPartitions(); // asks for them: connecting later must not block
    return client;
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
          .thenApply(c -> new RedisConnection(c, c.async(), null));
    }
    RedisClient single = (RedisClient) client;
    return Sentinels.connect(
            single,
            uris.uris().get(0),
            server -> single.connectAsync(ByteArrayCodec.INSTANCE, server))
        .thenApply(c -> new RedisConnection(c, c.async(), loop));
  }

  /** Closes all connections and ends the threads. */
  @Override
  public void close() {
    client.shutdown(0, CLOSE.toMillis(), TimeUnit.MILLISECONDS);
    resources
        .shutdown(0, CLOSE.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(CLOSE.toMillis());
  }

  /** The one thread that reads and writes all connections. */
  private static final class Loop extends DefaultEventLoopGroupProvider implements Executor {
    private volatile @Nullable EventLoopGroup group;

    Loop(String name) {
      super(1, Lettuce.threads(name));
    }

    @Override
    public <T extends EventLoopGroup> T allocate(Class<T> type) {
      T allocated = super.allocate(type);
      group = allocated;
      return allocated;
    }

    @Override
    public void execute(Runnable task) {
      EventLoopGroup now = group;
      if (now != null) {
        now.execute(task);
      }
    }
  }
}
