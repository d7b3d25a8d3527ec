package io.pushwire.driver.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where Redis is, as one setting says it.
 *
 * @param uris one server, one group of Sentinels, or some nodes of a Cluster
 * @since 0.1
 */
public record RedisUris(List<RedisURI> uris) {
  /** What a driver uses that is told nothing: {@value}. */
  public static final String DEFAULT = "redis://127.0.0.1:6379";

  /** What is expected, for the text of a problem. */
  public static final String FORM =
      "redis://[[user:]password@]host[:port], rediss:// for TLS, several hosts of a Cluster"
          + " separated by commas, or redis-sentinel://host[:port],…?sentinelMasterId=name";

  /**
   * How long Redis may take for one command, or for a connection: half a second less than the two
   * within which a publish fails.
   */
  public static final Duration TIMEOUT = Duration.ofMillis(1500);

  /** Keeps a copy. */
  public RedisUris {
    uris = List.copyOf(uris);
    if (uris.isEmpty()) {
      throw new IllegalArgumentException("no server");
    }
  }

  /**
   * @param text what the setting says
   * @return where Redis is
   * @throws IllegalArgumentException if it has another form; its message may quote a password, and
   *     is not to be shown
   */
  public static RedisUris parse(String text) {
    URI uri = URI.create(text);
    String scheme = String.valueOf(uri.getScheme());
    return switch (scheme) {
      case "redis", "rediss" -> new RedisUris(RedisClusterURIUtil.toRedisURIs(uri));
      case "redis-sentinel", "rediss-sentinel" -> {
        RedisURI group = RedisURI.create(uri);
        if (group.getSentinelMasterId() == null) {
          throw new IllegalArgumentException("no sentinelMasterId");
        }
        yield new RedisUris(List.of(group));
      }
      default -> throw new IllegalArgumentException("scheme " + scheme);
    };
  }

  /**
   * @param uri one of them
   * @return it for the eye: without user and password
   */
  public static String shown(RedisURI uri) {
    String scheme = uri.isSsl() ? "rediss" : "redis";
    if (uri.getSentinels().isEmpty()) {
      return scheme + "://" + uri.getHost() + ":" + uri.getPort();
    }
    List<String> hosts =
        uri.getSentinels().stream().map(s -> s.getHost() + ":" + s.getPort()).toList();
    return scheme
        + "-sentinel://"
        + String.join(",", hosts)
        + "?sentinelMasterId="
        + uri.getSentinelMasterId();
  }

  /** All of them for the eye: without users and passwords. */
  @Override
  public String toString() {
    return uris.stream().map(RedisUris::shown).collect(Collectors.joining(", "));
  }
}
