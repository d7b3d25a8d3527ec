package io.pushwire.server.transport;

import io.pushwire.api.Payload;
import io.pushwire.core.Connection;
import io.pushwire.endpoint.ConnectionListener;
import java.util.concurrent.Executor;

/**
 * Takes the calls to the application's listener off the event loop: in order for each connection,
 * side by side for different ones. Its own calls return at once.
 */
final class OrderedListener implements ConnectionListener {
  private final ConnectionListener application;
  private final Executor threads;

  OrderedListener(ConnectionListener application, Executor threads) {
    this.application = application;
    this.threads = threads;
  }

  @Override
  public void opened(Connection connection) {
    add(connection, 0, () -> application.opened(connection));
  }

  @Override
  public void message(Connection connection, Payload payload) {
    add(connection, payload.size(), () -> application.message(connection, payload));
  }

  @Override
  public void closed(Connection connection, int code, String reason) {
    add(connection, 0, () -> application.closed(connection, code, reason));
  }

  private void add(Connection connection, int bytes, Runnable call) {
    ((NettyConnection) connection).calls().add(threads, bytes, call);
  }
}
