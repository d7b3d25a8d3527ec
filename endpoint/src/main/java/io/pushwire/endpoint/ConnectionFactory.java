package io.pushwire.endpoint;

import io.pushwire.core.Connection;
import jakarta.websocket.Session;
import java.util.concurrent.CompletionStage;

/**
 * Makes the connection that belongs to a session which has just opened, and binds it. The endpoint
 * unbinds and closes it when the session has closed.
 *
 * @since 0.1
 */
public interface ConnectionFactory {
  /**
   * Called once for each session, within its {@code onOpen}; must not block. What it throws closes
   * the session with {@link CloseCode#INTERNAL}.
   *
   * @param session just opened
   * @return its connection, and when it is reachable
   */
  Binding connect(Session session);

  /**
   * A connection and its bind.
   *
   * @param connection the connection
   * @param bound completes when it is reachable, on any thread; fails if the broker refused it,
   *     which closes it
   */
  record Binding(Connection connection, CompletionStage<Void> bound) {}
}
