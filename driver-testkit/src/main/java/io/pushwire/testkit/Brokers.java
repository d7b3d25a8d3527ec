package io.pushwire.testkit;

import java.util.List;

/**
 * Starts private brokers: child processes on free ports of the loopback address, which end with
 * this JVM at the latest, even if it is killed. A broker that is not installed fails the test with
 * the command that installs it.
 *
 * @since 0.1
 */
public final class Brokers {
  private Brokers() {}

  /**
   * A Redis that keeps nothing on disk, up in 40 ms.
   *
   * @param options more of its options, as on its command line: {@code "--maxclients", "50"}; they
   *     win over the kit's own. With {@code "--appendonly", "yes", "--appendfsync", "always"} it
   *     keeps what it accepted over a kill
   * @return the server, which answers
   * @throws IllegalStateException if {@code redis-server} is not installed
   */
  public static RedisServer redis(String... options) {
    return RedisServer.open(new int[0], port -> List.of(options));
  }

  /**
   * A RabbitMQ: 5 to 20 seconds, 150 MB. {@link RabbitMqServer#shared} is started only once.
   *
   * @param config more lines for its {@code rabbitmq.conf}
   * @return the server, which takes connections
   * @throws IllegalStateException if {@code rabbitmq-server} is not installed
   */
  public static RabbitMqServer rabbitMq(String... config) {
    return RabbitMqServer.open(config);
  }

  /**
   * A Redis master, its replica and two Sentinels: 7 seconds.
   *
   * @return a group whose Sentinels know the replica and each other
   */
  public static RedisSentinel redisSentinel() {
    return RedisSentinel.open();
  }

  /**
   * A Redis Cluster of three masters: 2 seconds.
   *
   * @return a cluster whose nodes all agree that it is up
   */
  public static RedisCluster redisCluster() {
    return RedisCluster.open();
  }
}
