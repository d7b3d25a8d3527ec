package io.pushwire.server.transport;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** Decides who may open a WebSocket, before the handshake is answered. */
public interface HandshakeHandler {
  /**
   * Called on an event loop; must not block.
   *
   * @param request a request to upgrade, on any path
   * @param remote who asks
   * @return the decision
   */
  Decision decide(HttpRequest request, InetSocketAddress remote);

  /** What becomes of a request to upgrade. */
  sealed interface Decision {
    /**
     * It is accepted.
     *
     * @param user whose connection it is; empty: anonymous
     * @param topics what it joins before it is open
     */
    record Accepted(Optional<String> user, List<String> topics) implements Decision {}

    /**
     * It is refused.
     *
     * @param response the answer, such as 401, 403 or 404
     */
    record Refused(FullHttpResponse response) implements Decision {}
  }
}
