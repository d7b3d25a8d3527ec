package io.pushwire.core;

import io.pushwire.api.ClosedException;
import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Target;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The connections of this node. */
final class LocalRegistry implements ConnectionRegistry {
  private static final Target EVERYONE = Target.everyone();

  private final NodeInfo self;
  private final Counters counters;
  private final Interest interest;
  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentHashMap<Lane, LaneGroups> lanes = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Long, Bound> byNumber = new ConcurrentHashMap<>();
  private final @Nullable RosterSync roster;
  private final RemoteClose closes;

  /**
   * @param roster null if {@code roster=off}
   */
  LocalRegistry(
      NodeInfo self,
      Counters counters,
      MessageDriver driver,
      @Nullable RosterSync roster,
      RemoteClose closes) {
    this.self = self;
    this.counters = counters;
    this.interest = new Interest(driver);
    this.roster = roster;
    this.closes = closes;
  }

  Interest interest() {
    return interest;
  }

  @Nullable Bound bound(ConnectionId id) {
    boolean ours = id.node().equals(self.id()) && id.incarnation() == self.incarnation();
    return ours ? byNumber.get(id.number()) : null;
  }

  @Override
  public ConnectionId newId() {
    return new ConnectionId(self.id(), self.incarnation(), numbers.incrementAndGet());
  }

  @Override
  public CompletionStage<Void> bind(Connection connection) {
    LaneGroups groups =
        lanes.computeIfAbsent(connection.lane(), lane -> new LaneGroups(lane, counters));
    Bound bound = new Bound(connection, groups, interest);
    byNumber.compute(
        connection.id().number(),
        (number, before) -> {
          if (before != null) {
            throw new IllegalStateException(connection.id() + " is bound already");
          }
          // before anybody can find it: told after its unbind it would be online for ever
          tellRoster(true, connection);
          return bound;
        });
    CompletionStage<Void> everyone = bound.add(EVERYONE);
    Optional<String> user = connection.user();
    if (user.isEmpty()) {
      return orUnbind(connection, everyone);
    }
    CompletionStage<Void> mine = bound.add(Target.user(user.get()));
    return orUnbind(connection, everyone.thenCombine(mine, (a, b) -> null));
  }

  private CompletionStage<Void> orUnbind(Connection connection, CompletionStage<Void> subscribed) {
    return subscribed.whenComplete(
        (done, refused) -> {
          if (refused != null) {
            unbind(connection);
          }
        });
  }

  @Override
  public void unbind(Connection connection) {
    Bound bound = byNumber.get(connection.id().number());
    if (bound == null || bound.connection() != connection) {
      return;
    }
    if (byNumber.remove(connection.id().number(), bound)) {
      tellRoster(false, connection);
      bound.removeAll();
    }
  }

  private void tellRoster(boolean online, Connection connection) {
    RosterSync sync = roster;
    if (sync != null) {
      connection.user().ifPresent(user -> sync.changed(online, user, connection.id().number()));
    }
  }

  @Override
  public CompletionStage<Void> join(Connection connection, String topic) {
    Bound bound = bound(connection.id());
    if (bound == null) {
      return CompletableFuture.failedStage(new ClosedException("Connection " + connection.id()));
    }
    return bound.join(Target.topic(topic));
  }

  @Override
  public void leave(Connection connection, String topic) {
    Bound bound = bound(connection.id());
    if (bound != null) {
      bound.remove(Target.topic(topic));
    }
  }

  @Override
  public Set<String> topics(Connection connection) {
    Bound bound = bound(connection.id());
    return bound == null ? Set.of() : bound.topics();
  }

  @Override
  public Optional<Connection> find(ConnectionId id) {
    return Optional.ofNullable(bound(id)).map(Bound::connection);
  }

  @Override
  public int size() {
    return byNumber.size();
  }

  @Override
  public int users() {
    return interest.users();
  }

  @Override
  public CompletionStage<Boolean> close(ConnectionId id, int code, String reason) {
    NodeInfo holder = NodeInfo.of(id.node(), id.incarnation());
    boolean known = roster == null || roster.isStale() || roster.nodes().contains(holder);
    return id.node().equals(self.id()) || !known
        ? CompletableFuture.completedStage(closeHere(id, code, reason))
        : closes.close(id, code, reason);
  }

  /** Whether there was one. */
  boolean closeHere(ConnectionId id, int code, String reason) {
    Bound bound = bound(id);
    if (bound != null) {
      bound.connection().close(code, reason);
    }
    return bound != null;
  }

  @Override
  public boolean isOnline(String user) {
    return askRoster().isOnline(user);
  }

  @Override
  public List<ConnectionId> connections(String user) {
    return askRoster().connections(user);
  }

  @Override
  public Set<NodeInfo> nodes() {
    return askRoster().nodes();
  }

  @Override
  public boolean isStale() {
    return askRoster().isStale();
  }

  private RosterSync askRoster() {
    if (roster == null) {
      throw new IllegalStateException(
          "This node keeps no roster (roster=off), so it cannot say who is online");
    }
    return roster;
  }

  void closeAll(int code, String reason) {
    byNumber.values().forEach(bound -> bound.connection().close(code, reason));
  }
}
