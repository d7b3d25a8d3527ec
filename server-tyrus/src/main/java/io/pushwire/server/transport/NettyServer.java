package io.pushwire.server.transport;

import io.pushwire.core.ConnectionRegistry;
import io.pushwire.core.Counters;
import io.pushwire.endpoint.ConnectionListener;
import java.time.Duration;

/**
 * One port for HTTP and WebSocket. {@link #start}, then {@link #drain} if there is time, then
 * {@link #close}; the registry's node is closed after it.
 */
public final class NettyServer implements AutoCloseable {

  /**
   * @param config the numbers
   * @param registry who is connected; gets every connection before its handshake is answered
   * @param counters counts frames dropped for slow clients
   * @param http answers the requests that open no WebSocket
   * @param handshakes decides who may open a WebSocket
   * @param listener hears of the connections, off the event loops
   */
  public NettyServer(
      TransportConfig config,
      ConnectionRegistry registry,
      Counters counters,
      HttpHandler http,
      HandshakeHandler handshakes,
      ConnectionListener listener) {}

  /**
   * Binds the port and begins to accept.
   *
   * @return the port
   * @throws java.io.UncheckedIOException if the port cannot be bound
   */
  public int start() {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * @return how many WebSocket connections are open or about to open
   */
  public int connections() {
    return 0;
  }

  /**
   * @return how many bytes wait in the outboxes of all connections
   */
  public long outboxBytes() {
    return 0;
  }

  /**
   * Stops accepting WebSockets and closes the open ones with 1012, spread over the time so that the
   * clients do not come back all at once. HTTP requests on open sockets are still answered. Blocks
   * until all have closed or the time is over.
   *
   * @param time how long it may take
   */
  public void drain(Duration time) {}

  /**
   * Closes what is open with 1001 and ends all threads. Bounded in time; a second call does
   * nothing.
   */
  @Override
  public void close() {}
}
