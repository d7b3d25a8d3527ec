package io.pushwire.endpoint;

import io.pushwire.api.Payload;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.Session;
import org.jspecify.annotations.Nullable;

/** A payload on its way to the connections of one lane. Used on the lane only. */
final class Frame {
  /** The bytes that a waiting frame takes beside its payload, about. */
  static final int OVERHEAD = 64;

  private final Payload payload;

  /** What the standard API wants of a text; decoded once for all connections of the lane. */
  private @Nullable String text;

  Frame(Payload payload) {
    this.payload = payload;
  }

  /** What it counts in an outbox: many small ones must not pass for nothing. */
  int cost() {
    return OVERHEAD + payload.size();
  }

  /** Throws what the container throws, for instance that the session has closed. */
  void send(Session session, SendHandler handler) {
    RemoteEndpoint.Async remote = session.getAsyncRemote();
    if (payload.type() == Payload.Type.BINARY) {
      remote.sendBinary(payload.bytes(), handler);
      return;
    }
    String decoded = text;
    if (decoded == null) {
      decoded = payload.text();
      text = decoded;
    }
    remote.sendText(decoded, handler);
  }
}
