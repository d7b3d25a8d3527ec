package io.pushwire.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * From where requests may come, whoever sends them: not from a page of a site that is not listed.
 * Where nobody has to show who he is a loopback address keeps strangers' programs away, but neither
 * a proxy that is open to the world nor a stranger's page in a local browser; so there requests
 * that came through one of these are refused too.
 */
public final class Guard {
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::\\d{1,5})?");
  private static final Pattern LOOPBACK =
      Pattern.compile(
          "(?:localhost|127(?:\\.\\d{1,3}){3}|\\[::1])(?::\\d+)?", Pattern.CASE_INSENSITIVE);

  private final Origins origins;
  private final Optional<String> open;
  private final boolean anyHost;

  private Guard(Origins origins, Optional<String> open, boolean anyHost) {
    this.origins = origins;
    this.open = open;
    this.anyHost = anyHost;
  }

  /**
   * For where a token or key is asked for.
   *
   * @param origins the pages that may call
   * @return the guard
   */
  public static Guard forIdentified(Origins origins) {
    return new Guard(origins, Optional.empty(), true);
  }

  /**
   * For where nobody has to show who he is.
   *
   * @param origins the pages that may call
   * @param why the setting that makes it so, for the answers
   * @param anyHost whether a Host that is not loopback is all right, since the server was told to
   *     serve everybody
   * @return the guard
   */
  public static Guard forEverybody(Origins origins, String why, boolean anyHost) {
    return new Guard(origins, Optional.of(why), anyHost);
  }

  /**
   * @param request a request
   * @throws HttpProblem 400 or 403, if it must not be answered
   */
  void check(HttpRequest request) {
    HttpHeaders headers = request.headers();
    Optional<String> host = host(request);
    if (open.isPresent()) {
      checkWay(headers, host, open.get());
    }
    for (String origin : headers.getAll(HttpHeaderNames.ORIGIN)) {
      if (!origins.allow(origin, host)) {
        throw forbidden(
            "The request comes from a page of another site (Origin). server.origins says which may"
                + " call");
      }
    }
  }

  private void checkWay(HttpHeaders headers, Optional<String> host, String why) {
    for (String name : headers.names()) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.equals("forwarded") || lower.startsWith("x-forwarded-")) {
        throw forbidden(
            "The request came through a proxy (%s), and %s everybody behind it could be anybody. Call the server directly"
                .formatted(lower, why));
      }
    }
    if (!anyHost && host.isPresent() && !LOOPBACK.matcher(host.get()).matches()) {
      throw forbidden(
          "The Host must be localhost, 127.0.0.1 or [::1] %s. Open the server by one of these"
              .formatted(why));
    }
  }

  /**
   * RFC 9112, section 3.2. Without Host, as HTTP/1.0 allows, it is a load balancer's check or a
   * small program: browsers and proxies that pass a stranger's request on always send one.
   */
  private static Optional<String> host(HttpRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.isEmpty() && request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0) {
      return Optional.empty();
    }
    if (hosts.size() != 1 || !HOST.matcher(hosts.get(0)).matches()) {
      throw HttpProblem.badRequest("There must be one header Host, a name and perhaps a port");
    }
    return Optional.of(hosts.get(0));
  }

  private static HttpProblem forbidden(String detail) {
    return new HttpProblem(HttpResponseStatus.FORBIDDEN, detail);
  }
}
