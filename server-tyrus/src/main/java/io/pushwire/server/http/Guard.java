package io.pushwire.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Without tokens and keys everybody who reaches the port may do everything; a loopback address
 * keeps strangers' programs away, but neither a proxy that is open to the world nor a stranger's
 * page in a local browser. Requests that came through one of these are refused.
 */
public final class Guard {
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(?:\\.\\d{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

  private final boolean anyHost;

  /**
   * @param anyHost whether a Host that is not loopback is all right, since the server was told to
   *     serve everybody
   */
  public Guard(boolean anyHost) {
    this.anyHost = anyHost;
  }

  /**
   * @param headers of a request
   * @return why it is refused; empty: it is not
   */
  Optional<String> refusal(HttpHeaders headers) {
    for (String name : headers.names()) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.equals("forwarded") || lower.startsWith("x-forwarded-")) {
        return Optional.of(
            "The request came through a proxy ("
                + lower
                + "), and with auth=none everybody behind it could be any user. Call the server"
                + " directly");
      }
    }
    List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
    Matcher host = HOST.matcher(hosts.size() == 1 ? hosts.get(0) : "");
    if (!host.matches()) {
      return Optional.of("The request must have one Host header, a name and perhaps a port");
    }
    if (!anyHost && !LOOPBACK.matcher(host.group(1)).matches()) {
      return Optional.of(
          "With auth=none the Host must be localhost, 127.0.0.1 or [::1]. Open the server by one of"
              + " these");
    }
    List<String> origins = headers.getAll(HttpHeaderNames.ORIGIN);
    return origins.stream().allMatch(origin -> isSame(origin, host))
        ? Optional.empty()
        : Optional.of(
            "The request comes from another site's page (Origin). Only pages of this server may call"
                + " it");
  }

  private static boolean isSame(String origin, Matcher host) {
    try {
      URI uri = new URI(origin);
      boolean secure = "https".equalsIgnoreCase(uri.getScheme());
      if (!secure && !"http".equalsIgnoreCase(uri.getScheme())) {
        return false;
      }
      int standard = secure ? 443 : 80;
      int originPort = uri.getPort() < 0 ? standard : uri.getPort();
      int hostPort = host.group(2) == null ? standard : Integer.parseInt(host.group(2));
      return host.group(1).equalsIgnoreCase(uri.getHost()) && hostPort == originPort;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
