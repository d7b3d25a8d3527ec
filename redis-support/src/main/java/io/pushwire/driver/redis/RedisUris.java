package io.pushwire.driver.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where Redis is, as one setting says it.
 *
 * @param uris one of them, or several nodes of one Cluster
 * @since 0.1
 */
public record RedisUris(List<RedisURI> uris) {
  /** What a driver uses that is told nothing. */
  public static final String DEFAULT = "redis://127.0.0.1:6379";

  /** What is expected, for the text of a problem. */
  public static final String FORM =
      "redis://, rediss:// or redis-sentinel://, [user:password@]host:port, several of a Cluster or"
          + " several Sentinels separated by commas";

  /** How long Redis may take for one command, or for a connection. */
  public static final Duration TIMEOUT = Duration.ofSeconds(2);

  private static final Pattern CREDENTIALS = Pattern.compile("(?<=://)[^/]*@");

  /** Keeps a copy. */
  public RedisUris {
    uris = List.copyOf(uris);
  }

  /**
   * @param text what the setting says
   * @return where Redis is
   * @throws IllegalArgumentException if it has another form; its message shows no password
   */
  public static RedisUris parse(String text) {
    try {
      boolean several = !text.startsWith("redis-sentinel") && text.contains(",");
      List<RedisURI> uris =
          several
              ? RedisClusterURIUtil.toRedisURIs(URI.create(text))
              : List.of(RedisURI.create(text));
      uris.forEach(uri -> uri.setTimeout(TIMEOUT));
      return new RedisUris(uris);
    } catch (IllegalArgumentException | NullPointerException e) {
      // the cause is left out: it quotes the URI with its password
      throw new IllegalArgumentException(masked(text) + " is no URI of Redis: expected " + FORM);
    }
  }

  /**
   * @param text any text that may hold URIs
   * @return it without their users and passwords
   */
  public static String masked(String text) {
    return CREDENTIALS.matcher(text).replaceAll("***@");
  }

  boolean isSeveral() {
    return uris.size() > 1;
  }

  /** Hosts and ports, for messages. */
  @Override
  public String toString() {
    return uris.stream().map(uri -> masked(uri.toString())).collect(Collectors.joining(", "));
  }
}
