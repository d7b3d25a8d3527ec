package io.pushwire.endpoint;

import io.pushwire.core.Connection;
import jakarta.websocket.Session;
import java.util.concurrent.CompletionStage;

/**
 * Makes the connection that belongs to a session which has just opened.
 *
 * @since 0.1
 */
public interface ConnectionFactory {
  /**
   * @param session just opened
   * @return its connection, and when it is reachable
   */
  Binding connect(Session session);

  /**
   * A connection and its bind.
   *
   * @param connection the connection
   * @param bound completes when it is reachable; fails if the broker refused it
   */
  record Binding(Connection connection, CompletionStage<Void> bound) {}
}
