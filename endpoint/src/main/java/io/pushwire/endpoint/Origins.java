package io.pushwire.endpoint;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The pages whose scripts may open a connection. Clients that are no browser send no origin and are
 * not concerned.
 */
final class Origins {
  private final @Nullable Set<String> listed;

  private Origins(@Nullable Set<String> listed) {
    this.listed = listed;
  }

  /** Pages of the host that the connection goes to. */
  static Origins sameHost() {
    return new Origins(null);
  }

  /** Pages of these origins; {@code *}: of any. */
  static Origins listed(Set<String> origins) {
    return new Origins(
        origins.stream().map(o -> o.toLowerCase(Locale.ROOT)).collect(Collectors.toSet()));
  }

  /** What the standard asks before the handshake is answered; it does not tell the host. */
  boolean allow(@Nullable String origin) {
    return origin == null
        || listed == null
        || listed.contains("*")
        || listed.contains(origin.toLowerCase(Locale.ROOT));
  }

  /** The rest of the question, when the host is known. */
  boolean allow(Handshake handshake) {
    Optional<String> origin = handshake.header("Origin");
    if (listed != null || origin.isEmpty()) {
      return true;
    }
    return handshake.header("Host").map(host -> sameHost(origin.get(), host)).orElse(false);
  }

  private static boolean sameHost(String origin, String host) {
    try {
      URI page = URI.create(origin);
      String scheme = page.getScheme();
      String authority = page.getRawAuthority();
      return scheme != null
          && authority != null
          && withoutPort(authority, scheme).equalsIgnoreCase(withoutPort(host, scheme));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Browsers leave the scheme's own port out, other clients and proxies may not. */
  private static String withoutPort(String authority, String scheme) {
    String port = scheme.equalsIgnoreCase("https") ? ":443" : ":80";
    return authority.endsWith(port)
        ? authority.substring(0, authority.length() - port.length())
        : authority;
  }
}
