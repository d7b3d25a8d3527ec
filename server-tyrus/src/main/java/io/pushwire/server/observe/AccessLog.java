package io.pushwire.server.observe;

import io.netty.handler.codec.http.HttpRequest;
import io.pushwire.api.PushwireException;
import io.pushwire.core.Connection;
import io.pushwire.server.http.TraceContext;
import io.pushwire.server.http.TrustedProxies;
import io.pushwire.server.transport.TransportListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line for each HTTP request, and for each WebSocket that opens or closes: never a query, a
 * header but the trace's id, or a payload, since they may hold tokens.
 */
public final class AccessLog implements TransportListener {
  /** The logger's name. */
  public static final String LOGGER = "pushwire.access";

  private static final Logger log = LoggerFactory.getLogger(LOGGER);
  private static final int MAX_PATH = 256;

  private final TrustedProxies proxies;
  private final TransportListener next;

  /**
   * @param proxies know where clients come from
   * @param next hears all of it too
   */
  public AccessLog(TrustedProxies proxies, TransportListener next) {
    this.proxies = proxies;
    this.next = next;
  }

  @Override
  public void answered(
      HttpRequest request, InetSocketAddress remote, int status, int bytes, long nanos) {
    next.answered(request, remote, status, bytes, nanos);
    String method = request.decoderResult().isFailure() ? "-" : request.method().name();
    String path = path(request);
    String client = client(request, remote);
    double millis = millis(nanos);
    request(request, client, method, status, millis)
        .addKeyValue("event", "request")
        .addKeyValue("bytes", bytes)
        .log("{} {} {} {} {} bytes {} ms", client, method, path, status, bytes, millis);
  }

  @Override
  public void opened(
      Connection connection, HttpRequest request, InetSocketAddress remote, long nanos) {
    next.opened(connection, request, remote, nanos);
    String path = path(request);
    String client = client(request, remote);
    double millis = millis(nanos);
    of(request(request, client, "GET", 101, millis), connection)
        .addKeyValue("event", "open")
        .log("{} GET {} 101 {} ms, open {}", client, path, millis, name(connection));
  }

  @Override
  public void closed(Connection connection, int code, long nanos) {
    next.closed(connection, code, nanos);
    double millis = millis(nanos);
    of(log.atInfo(), connection)
        .addKeyValue("event", "close")
        .addKeyValue("code", code)
        .addKeyValue("ms", millis)
        .log("close {} after {} ms, {}", code, millis, name(connection));
  }

  private static LoggingEventBuilder request(
      HttpRequest request, String client, String method, int status, double millis) {
    LoggingEventBuilder line =
        log.atInfo()
            .addKeyValue("client", client)
            .addKeyValue("method", method)
            .addKeyValue("path", path(request))
            .addKeyValue("status", status)
            .addKeyValue("ms", millis);
    return TraceContext.traceId(request.headers())
        .map(trace -> line.addKeyValue("trace", trace))
        .orElse(line);
  }

  private static LoggingEventBuilder of(LoggingEventBuilder line, Connection connection) {
    LoggingEventBuilder named = line.addKeyValue("connection", connection.id().toString());
    return connection.user().map(user -> named.addKeyValue("user", user)).orElse(named);
  }

  private static String name(Connection connection) {
    return connection.id() + connection.user().map(user -> " of user " + clean(user)).orElse("");
  }

  /** What stands before the query; a whole URL, which could hold a password, is not shown. */
  private static String path(HttpRequest request) {
    String uri = request.uri();
    if (request.decoderResult().isFailure() || !uri.startsWith("/")) {
      return "-";
    }
    int end = 0;
    while (end < Math.min(uri.length(), MAX_PATH) && "?#;".indexOf(uri.charAt(end)) < 0) {
      end++;
    }
    return clean(uri.substring(0, end));
  }

  /** Nobody outside may begin a line of his own. */
  private static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? '?' : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private String client(HttpRequest request, InetSocketAddress remote) {
    InetAddress client;
    try {
      client = proxies.client(remote, request.headers());
    } catch (PushwireException refused) {
      client = remote.getAddress();
    }
    return client.getHostAddress();
  }

  private static double millis(long nanos) {
    return Math.round(nanos / 1e5) / 10.0;
  }
}
