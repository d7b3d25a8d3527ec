package io.pushwire.driver.redispubsub;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import io.pushwire.api.ConfigurationException;
import io.pushwire.core.Settings;
import io.pushwire.core.SettingsReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
 * @param ca PEM file of the authorities that a {@code rediss} server's certificate is checked with
 * @param certificate PEM file of this client's certificate
 * @param key PEM file of its private key
 */
record RedisPubSubConfig(
    List<RedisURI> servers,
    ChannelNames names,
    Ingress ingress,
    Duration connectTimeout,
    Duration publishTimeout,
    int inboxSize,
    int outboxSize,
    Optional<Path> ca,
    Optional<Path> certificate,
    Optional<Path> key) {
  static final String DEFAULT_URI = "redis://127.0.0.1:6379";
  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);
  static final int DEFAULT_SIZE = 64 * 1024 * 1024;

  private static final String URI_FORM =
      "redis://[[user:]password@]host[:port], rediss:// for TLS, several hosts of a Cluster"
          + " separated by commas, or redis-sentinel://host[:port],…?sentinelMasterId=name";

  RedisPubSubConfig {
    servers = List.copyOf(servers);
    if (servers.isEmpty()) {
      throw new ConfigurationException("driver.redis-pubsub.uri names no server");
    }
  }

  /**
   * Reads the settings below {@code driver.redis-pubsub.}.
   *
   * @throws ConfigurationException with all that is wrong
   */
  static RedisPubSubConfig from(Settings settings) {
    SettingsReader reader = settings.reader();
    List<RedisURI> servers =
        reader.parsed("uri", servers(DEFAULT_URI), URI_FORM, RedisPubSubConfig::servers);
    ChannelNames names = new ChannelNames(reader.text("prefix", ChannelNames.DEFAULT_PREFIX));
    Duration least = Duration.ofMillis(10);
    int megabyte = 1024 * 1024;
    RedisPubSubConfig config =
        new RedisPubSubConfig(
            servers,
            names,
            ingress(reader, names),
            reader.duration("connect-timeout", DEFAULT_TIMEOUT, least),
            reader.duration("publish-timeout", DEFAULT_TIMEOUT, least),
            reader.bytes("inbox-size", DEFAULT_SIZE, megabyte, Integer.MAX_VALUE),
            reader.bytes("outbox-size", DEFAULT_SIZE, megabyte, Integer.MAX_VALUE),
            file(reader, "tls.ca"),
            file(reader, "tls.certificate"),
            file(reader, "tls.key"));
    if (config.certificate.isPresent() != config.key.isPresent()) {
      reader.problem("tls.certificate", "a certificate and its tls.key belong together");
    }
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

  private static List<RedisURI> servers(String text) {
    URI uri = URI.create(text);
    String scheme = String.valueOf(uri.getScheme());
    return switch (scheme) {
      case "redis", "rediss" -> new ArrayList<>(RedisClusterURIUtil.toRedisURIs(uri));
      case "redis-sentinel", "rediss-sentinel" -> {
        RedisURI group = RedisURI.create(uri);
        if (group.getSentinelMasterId() == null) {
          throw new IllegalArgumentException("no sentinelMasterId");
        }
        yield List.of(group);
      }
      default -> throw new IllegalArgumentException("scheme " + scheme);
    };
  }

  private static Optional<Path> file(SettingsReader reader, String key) {
    Optional<Path> file = reader.text(key).map(Path::of);
    if (file.isPresent() && !Files.isReadable(file.get())) {
      reader.problem(key, file.get() + " cannot be read; expected is a PEM file");
    }
    return file;
  }
}
