package io.pushwire.core;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.Envelope;
import io.pushwire.api.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A connection that remembers what was written to it, on its lane. */
final class FakeConnection implements Connection {
  static final NodeId NODE = new NodeId("n1");

  final List<Envelope> frames = Collections.synchronizedList(new ArrayList<>());
  private final ConnectionId id;
  private final String user;
  private final Lane lane;

  FakeConnection(ConnectionId id, String user, Lane lane) {
    this.id = id;
    this.user = user;
    this.lane = lane;
  }

  /** For places that never look at the id. */
  FakeConnection(long number, Lane lane) {
    this(new ConnectionId(NODE, 1, number), "42", lane);
  }

  @Override
  public ConnectionId id() {
    return id;
  }

  @Override
  public Optional<String> user() {
    return Optional.ofNullable(user);
  }

  @Override
  public Lane lane() {
    return lane;
  }

  @Override
  public void close(int code, String reason) {}

  List<String> texts() {
    return List.copyOf(frames).stream().map(e -> e.payload().text()).toList();
  }
}
