package io.pushwire.server.transport;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeInfo;
import io.pushwire.core.Connection;
import io.pushwire.core.ConnectionRegistry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** A registry of which a test changes one thing. */
class ForwardingRegistry implements ConnectionRegistry {
  private final ConnectionRegistry to;

  ForwardingRegistry(ConnectionRegistry to) {
    this.to = to;
  }

  @Override
  public ConnectionId newId() {
    return to.newId();
  }

  @Override
  public CompletionStage<Void> bind(Connection connection) {
    return to.bind(connection);
  }

  @Override
  public void unbind(Connection connection) {
    to.unbind(connection);
  }

  @Override
  public CompletionStage<Void> join(Connection connection, String topic) {
    return to.join(connection, topic);
  }

  @Override
  public void leave(Connection connection, String topic) {
    to.leave(connection, topic);
  }

  @Override
  public Set<String> topics(Connection connection) {
    return to.topics(connection);
  }

  @Override
  public Optional<Connection> find(ConnectionId id) {
    return to.find(id);
  }

  @Override
  public int size() {
    return to.size();
  }

  @Override
  public int users() {
    return to.users();
  }

  @Override
  public CompletionStage<Boolean> close(ConnectionId id, int code, String reason) {
    return to.close(id, code, reason);
  }

  @Override
  public boolean isOnline(String user) {
    return to.isOnline(user);
  }

  @Override
  public List<ConnectionId> connections(String user) {
    return to.connections(user);
  }

  @Override
  public Set<NodeInfo> nodes() {
    return to.nodes();
  }

  @Override
  public boolean isStale() {
    return to.isStale();
  }
}
