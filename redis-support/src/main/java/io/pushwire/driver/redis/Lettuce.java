package io.pushwire.driver.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.ThreadFactoryProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;

/**
 * What every use of Lettuce has in common here: it fails fast, and keeps nothing for later.
 *
 * @since 0.1
 */
public final class Lettuce {
  private Lettuce() {}

  /**
   * @param name what its threads are named after
   * @return threads that end with the JVM, and no measuring of commands
   */
  public static ClientResources.Builder resources(String name) {
    return ClientResources.builder()
        .computationThreadPoolSize(2)
        .commandLatencyRecorder(CommandLatencyRecorder.disabled())
        .threadFactoryProvider(threads(name));
  }

  static ThreadFactoryProvider threads(String name) {
    return pool -> new DefaultThreadFactory(name + "-" + pool, true);
  }

  /**
   * Whoever owns a connection makes a new one when it is lost, prepares it, and only then lets it
   * be used: Lettuce's own reconnection would send again what was under way, seconds late.
   *
   * @param builder for one server, or for a Cluster
   * @param tls for {@code rediss}
   * @param connectTimeout within which a connection is there
   * @return the builder, for what a driver needs beside it
   */
  public static ClientOptions.Builder options(
      ClientOptions.Builder builder, RedisTls tls, Duration connectTimeout) {
    return builder
        .autoReconnect(false)
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        // one timer for each command would cost more than the command: each driver has its own
        .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
        .socketOptions(
            SocketOptions.builder()
                .connectTimeout(connectTimeout)
                .keepAlive(true)
                .tcpNoDelay(true)
                .build())
        .sslOptions(tls.options());
  }
}
