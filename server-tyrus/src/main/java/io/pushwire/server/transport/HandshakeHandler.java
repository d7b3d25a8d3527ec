package io.pushwire.server.transport;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Decides who may open a WebSocket, before the handshake is answered. */
public interface HandshakeHandler {
  /**
   * Called on an event loop; must not block.
   *
   * @param request a request to upgrade, on any path
   * @param remote who asks
   * @return the decision, which must come by itself within some seconds; the client waits for it
   */
  CompletionStage<Decision> decide(HttpRequest request, InetSocketAddress remote);

  /** What becomes of a request to upgrade. */
  sealed interface Decision {
    /**
     * It is accepted.
     *
     * @param user whose connection it is; empty: anonymous
     * @param topics what it joins before it is open
     * @param expires when it is closed with 4401; empty: never
     * @param gone is run once, when the connection has closed or could not be opened
     */
    record Accepted(
        Optional<String> user, List<String> topics, Optional<Instant> expires, Runnable gone)
        implements Decision {
      /** For good, and without anybody to tell that it has gone. */
      public Accepted(Optional<String> user, List<String> topics) {
        this(user, topics, Optional.empty(), () -> {});
      }
    }

    /**
     * It is refused.
     *
     * @param response the answer, such as 401, 403 or 404
     */
    record Refused(FullHttpResponse response) implements Decision {}
  }
}
