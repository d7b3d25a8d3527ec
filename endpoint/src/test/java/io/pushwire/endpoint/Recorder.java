package io.pushwire.endpoint;

import io.pushwire.api.Payload;
import io.pushwire.core.Connection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that keeps what it hears. */
class Recorder implements ConnectionListener {
  final List<String> calls = new CopyOnWriteArrayList<>();
  final List<Connection> open = new CopyOnWriteArrayList<>();
  final List<Payload> messages = new CopyOnWriteArrayList<>();

  @Override
  public void opened(Connection connection) {
    calls.add("opened");
    open.add(connection);
  }

  @Override
  public void message(Connection connection, Payload payload) {
    calls.add("message");
    messages.add(payload);
  }

  @Override
  public void closed(Connection connection, int code, String reason) {
    calls.add("closed " + code + (reason.isEmpty() ? "" : " " + reason));
    open.remove(connection);
  }
}
