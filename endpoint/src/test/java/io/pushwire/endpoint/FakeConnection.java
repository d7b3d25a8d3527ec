package io.pushwire.endpoint;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeId;
import io.pushwire.core.Connection;
import io.pushwire.core.Lane;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A connection of another container's making; keeps the code it was closed with. */
record FakeConnection(AtomicInteger closeCode) implements Connection {
  @Override
  public ConnectionId id() {
    return new ConnectionId(new NodeId("n"), 1, 1);
  }

  @Override
  public Optional<String> user() {
    return Optional.empty();
  }

  @Override
  public Lane lane() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close(int code, String reason) {
    closeCode.set(code);
  }
}
