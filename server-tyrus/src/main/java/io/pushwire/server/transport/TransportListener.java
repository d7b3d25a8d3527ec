package io.pushwire.server.transport;

import io.netty.handler.codec.http.HttpRequest;
import io.pushwire.core.Connection;
import java.net.InetSocketAddress;

/**
 * Hears what became of requests and connections, for metrics and the access log. Called on event
 * loops: every call must return at once and never throw.
 */
public interface TransportListener {
  /** Wants to know nothing. */
  TransportListener NONE = new TransportListener() {};

  /**
   * A request got an answer other than 101.
   *
   * @param request the request; its decoder result is a failure if it could not be read, or did not
   *     come
   * @param remote who asked
   * @param status the answer's
   * @param bytes of the answer's body
   * @param nanos from the end of the request to the answer
   */
  default void answered(
      HttpRequest request, InetSocketAddress remote, int status, int bytes, long nanos) {}

  /**
   * A WebSocket has opened: the answer is 101.
   *
   * @param connection the connection
   * @param request the handshake
   * @param remote who asked
   * @param nanos from the request to the answer
   */
  default void opened(
      Connection connection, HttpRequest request, InetSocketAddress remote, long nanos) {}

  /**
   * A WebSocket that had opened has closed.
   *
   * @param connection the connection
   * @param code the close code that the client sent or was sent first; 1006 if there was none
   * @param nanos since it opened
   */
  default void closed(Connection connection, int code, long nanos) {}
}
