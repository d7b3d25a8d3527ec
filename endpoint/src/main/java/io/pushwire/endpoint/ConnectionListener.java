package io.pushwire.endpoint;

import io.pushwire.api.Payload;
import io.pushwire.core.Connection;

/**
 * What an application hears of its clients' connections. Calls for one connection come one after
 * the other, in order: opened, messages, closed; calls for different connections come side by side.
 * They may block; the client whose call blocks waits, others do not. What a call throws is logged
 * and closes the connection with {@link CloseCode#INTERNAL}.
 *
 * @since 0.1
 */
public interface ConnectionListener {
  /**
   * The connection is open and reachable: nothing sent to it from now on is missed.
   *
   * @param connection the connection
   */
  default void opened(Connection connection) {}

  /**
   * The client sent a whole message.
   *
   * @param connection the connection
   * @param payload what it sent
   */
  default void message(Connection connection, Payload payload) {}

  /**
   * The connection has closed. Called once for each connection that was {@link #opened}.
   *
   * @param connection the connection
   * @param code the WebSocket close code, 1006 if there was none
   * @param reason the reason given, or an empty text
   */
  default void closed(Connection connection, int code, String reason) {}
}
