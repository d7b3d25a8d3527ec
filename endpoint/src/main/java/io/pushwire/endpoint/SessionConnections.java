package io.pushwire.endpoint;

import io.pushwire.core.ConnectionRegistry;
import jakarta.websocket.Session;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes the connections of an embedding application and binds them with their topics. */
final class SessionConnections implements ConnectionFactory {
  private final ConnectionRegistry registry;
  private final SessionLanes lanes;

  SessionConnections(ConnectionRegistry registry, SessionLanes lanes) {
    this.registry = registry;
    this.lanes = lanes;
  }

  @Override
  public Binding connect(Session session) {
    Identity identity =
        session.getUserProperties().get(HandshakeConfigurator.ADMISSION) instanceof Identity known
            ? known
            : Identity.anonymous();
    SessionConnection connection = lanes.connect(session, registry.newId(), identity.user());
    CompletionStage<Void> bound = registry.bind(connection);
    for (String topic : identity.topics()) {
      bound = both(bound, registry.join(connection, topic));
    }
    return new Binding(connection, bound);
  }

  /** Fails as soon as one of them does: the other may stay pending while the link is down. */
  private static CompletionStage<Void> both(CompletionStage<Void> one, CompletionStage<Void> two) {
    CompletableFuture<Void> both = new CompletableFuture<>();
    one.thenAcceptBoth(two, (a, b) -> both.complete(null));
    one.exceptionally(e -> failed(both, e));
    two.exceptionally(e -> failed(both, e));
    return both;
  }

  @SuppressWarnings("NullAway") // Void has no other value
  private static Void failed(CompletableFuture<Void> stage, Throwable failure) {
    stage.completeExceptionally(failure);
    return null;
  }
}
