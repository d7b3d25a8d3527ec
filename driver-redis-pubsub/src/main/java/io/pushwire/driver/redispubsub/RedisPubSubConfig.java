package io.pushwire.driver.redispubsub;

import io.pushwire.api.ConfigurationException;
import io.pushwire.core.Settings;
import io.pushwire.core.SettingsReader;
import io.pushwire.driver.redis.RedisTls;
import io.pushwire.driver.redis.RedisUris;
import java.time.Duration;
import java.util.List;

/**
 * The driver's settings, checked.
 *
 * @param servers where Redis is: one standalone server, one group of Sentinels, or some nodes of a
 *     Cluster
 * @param names how channels are named
 * @param ingress what foreign programs publish to
 * @param connectTimeout how long an attempt to connect may take
 * @param publishTimeout how long Redis may take to answer a {@code PUBLISH}
 * @param inboxSize how many bytes may wait to be delivered on this node
 * @param outboxSize how many bytes may wait for Redis' answer
 * @param tls for {@code rediss}
 */
record RedisPubSubConfig(
    RedisUris servers,
    ChannelNames names,
    Ingress ingress,
    Duration connectTimeout,
    Duration publishTimeout,
    int inboxSize,
    int outboxSize,
    RedisTls tls) {
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** Leaves half a second of the two within which a publish fails to all that is not Redis. */
  static final Duration PUBLISH_TIMEOUT = Duration.ofMillis(1500);

  static final int DEFAULT_SIZE = 64 * 1024 * 1024;

  /**
   * Reads the settings below {@code driver.redis-pubsub.}.
   *
   * @throws ConfigurationException with all that is wrong
   */
  static RedisPubSubConfig from(Settings settings) {
    SettingsReader reader = settings.reader();
    RedisUris servers =
        reader.parsed("uri", RedisUris.parse(RedisUris.DEFAULT), RedisUris.FORM, RedisUris::parse);
    ChannelNames names = new ChannelNames(reader.text("prefix", ChannelNames.DEFAULT_PREFIX));
    Duration least = Duration.ofMillis(10);
    int megabyte = 1024 * 1024;
    RedisPubSubConfig config =
        new RedisPubSubConfig(
            servers,
            names,
            ingress(reader, names),
            reader.duration("connect-timeout", CONNECT_TIMEOUT, least),
            reader.duration("publish-timeout", PUBLISH_TIMEOUT, least),
            reader.bytes("inbox-size", DEFAULT_SIZE, megabyte, Integer.MAX_VALUE),
            reader.bytes("outbox-size", DEFAULT_SIZE, megabyte, Integer.MAX_VALUE),
            RedisTls.read(reader));
    reader.finish();
    return config;
  }

  private static Ingress ingress(SettingsReader reader, ChannelNames names) {
    List<String> given = reader.list("ingress");
    if (given.equals(List.of(Ingress.NONE))) {
      return new Ingress(List.of(), names);
    }
    try {
      return new Ingress(given.isEmpty() ? List.of(Ingress.DEFAULT) : given, names);
    } catch (IllegalArgumentException e) {
      reader.problem(
          "ingress",
          e.getMessage()
              + ". Expected is source=target, separated by commas: "
              + Ingress.DEFAULT
              + ", <channel>=everyone, <channel>=topic:<name>, or "
              + Ingress.NONE);
      return new Ingress(List.of(), names);
    }
  }
}
