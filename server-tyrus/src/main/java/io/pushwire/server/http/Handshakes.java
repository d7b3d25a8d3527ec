package io.pushwire.server.http;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.pushwire.api.Target;
import io.pushwire.server.transport.HandshakeHandler;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** Who may open a WebSocket while {@code auth=none}: everybody, as the user he says he is. */
public final class Handshakes implements HandshakeHandler {
  private static final List<String> PATH = List.of("ws");

  private final Guard guard;
  private final int limit;
  private final IntSupplier connections;
  private final BooleanSupplier draining;

  /**
   * @param guard refuses what came through proxies and strangers' pages
   * @param limit the most connections
   * @param connections how many there are
   * @param draining whether the node takes no more
   */
  public Handshakes(Guard guard, int limit, IntSupplier connections, BooleanSupplier draining) {
    this.guard = guard;
    this.limit = limit;
    this.connections = connections;
    this.draining = draining;
  }

  @Override
  public Decision decide(HttpRequest request, InetSocketAddress remote) {
    try {
      return accept(request);
    } catch (HttpProblem problem) {
      return new Decision.Refused(problem.answer());
    }
  }

  private Decision accept(HttpRequest request) {
    Optional<String> refusal = guard.refusal(request.headers());
    if (refusal.isPresent()) {
      throw new HttpProblem(HttpResponseStatus.FORBIDDEN, refusal.get());
    }
    RequestTarget target = RequestTarget.parse(request.uri());
    if (!target.path().equals(PATH)) {
      throw HttpProblem.notFound("WebSockets are opened at /ws");
    }
    Optional<String> user = target.one("user");
    List<String> topics = target.all("topic").stream().distinct().toList();
    try {
      user.ifPresent(Target::user);
      topics.forEach(Target::topic);
    } catch (IllegalArgumentException e) {
      throw HttpProblem.badRequest(String.valueOf(e.getMessage()));
    }
    if (draining.getAsBoolean()) {
      throw busy("This node is going down; another one will take you");
    }
    if (connections.getAsInt() >= limit) {
      throw busy("This node has all the connections that limits.connections allows");
    }
    return new Decision.Accepted(user, topics);
  }

  private static HttpProblem busy(String detail) {
    return new HttpProblem(
        HttpResponseStatus.SERVICE_UNAVAILABLE, detail, Map.of("Retry-After", "1"));
  }
}
