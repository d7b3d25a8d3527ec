package io.pushwire.server.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The pages whose scripts may call this server. Clients that are no browser send no origin and are
 * not concerned.
 */
public final class Origins {
  private static final String ANY = "*";

  private final Set<String> listed;

  private Origins(Set<String> listed) {
    this.listed = listed;
  }

  /**
   * @param origins as a browser writes them, such as {@code https://example.org}, or {@code *} for
   *     all; if there are none, only pages of the host that is called may call
   * @return the list
   * @throws IllegalArgumentException if one is no origin
   */
  public static Origins of(List<String> origins) {
    return new Origins(
        origins.stream()
            .map(origin -> origin.equals(ANY) ? ANY : normal(origin).orElseThrow(Origins::wrong))
            .collect(Collectors.toUnmodifiableSet()));
  }

  private static IllegalArgumentException wrong() {
    return new IllegalArgumentException("no origin");
  }

  /**
   * @return whether pages of any site may call
   */
  public boolean allowAny() {
    return listed.contains(ANY);
  }

  /**
   * @param origin of a request
   * @param host of the same request, if it has one
   * @return whether such a page may call
   */
  boolean allow(String origin, Optional<String> host) {
    if (allowAny()) {
      return true;
    }
    Optional<String> page = normal(origin);
    return listed.isEmpty()
        ? page.isPresent() && host.flatMap(h -> normal(scheme(origin) + "://" + h)).equals(page)
        : page.map(listed::contains).orElse(false);
  }

  /** Scheme, host and port in one spelling: browsers leave the scheme's own port out. */
  private static Optional<String> normal(String origin) {
    try {
      URI uri = new URI(origin);
      String scheme = scheme(origin);
      if (uri.getHost() == null
          || !(scheme + "://" + uri.getRawAuthority()).equalsIgnoreCase(origin)
          || uri.getRawUserInfo() != null
          || !(scheme.equals("http") || scheme.equals("https"))) {
        return Optional.empty();
      }
      int standard = scheme.equals("https") ? 443 : 80;
      int port = uri.getPort() < 0 ? standard : uri.getPort();
      return Optional.of(scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + port);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static String scheme(String origin) {
    return origin.substring(0, Math.max(0, origin.indexOf(':'))).toLowerCase(Locale.ROOT);
  }
}
