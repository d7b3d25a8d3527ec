package io.pushwire.core;

import io.pushwire.api.ClosedException;
import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Target;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

  /**
   * @param roster null if {@code roster=off}
   */
  LocalRegistry(
      NodeInfo self, Counters counters, MessageDriver driver, @Nullable RosterSync roster) {
    this.self = self;
    this.counters = counters;
    this.interest = new Interest(driver);
    this.roster = roster;
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
    Bound bound = new Bound(connection, groups);
    if (byNumber.putIfAbsent(connection.id().number(), bound) != null) {
      throw new IllegalStateException(connection.id() + " is bound already");
    }
    CompletionStage<Void> everyone = bound.add(EVERYONE);
    Optional<String> user = connection.user();
    if (user.isEmpty()) {
      return orUnbind(connection, everyone);
    }
    tellRoster(true, connection);
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
    Target target = Target.topic(topic);
    return bound
        .add(target)
        .whenComplete(
            (done, refused) -> {
              if (refused != null) {
                bound.remove(target);
              }
            });
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

  /** A connection and the targets it belongs to. */
  final class Bound {
    private final Connection connection;
    private final LaneGroups groups;
    // guarded by this; a small map of its own would cost each connection more than it saves
    private final Map<Target, Membership> memberships = new HashMap<>(4);
    private boolean gone;

    private Bound(Connection connection, LaneGroups groups) {
      this.connection = connection;
      this.groups = groups;
    }

    Connection connection() {
      return connection;
    }

    LaneGroups groups() {
      return groups;
    }

    synchronized CompletionStage<Void> add(Target target) {
      if (gone) {
        return CompletableFuture.failedStage(new ClosedException("Connection " + connection.id()));
      }
      Membership before = memberships.get(target);
      if (before != null) {
        return before.subscribed;
      }
      // on the lane first: whoever finds the lane through the interest finds the member there
      Membership membership = new Membership();
      groups.lane().execute(() -> membership.place = groups.add(target, connection));
      membership.subscribed = interest.acquire(target, groups);
      memberships.put(target, membership);
      return membership.subscribed;
    }

    synchronized void remove(Target target) {
      Membership membership = memberships.remove(target);
      if (membership != null) {
        end(target, membership);
      }
    }

    private synchronized void removeAll() {
      gone = true;
      memberships.forEach(this::end);
      memberships.clear();
    }

    private void end(Target target, Membership membership) {
      interest.release(target, groups);
      groups
          .lane()
          .execute(
              () -> {
                if (membership.place != null) {
                  groups.remove(target, membership.place);
                }
              });
    }

    synchronized Set<String> topics() {
      Set<String> topics = new HashSet<>();
      for (Target target : memberships.keySet()) {
        if (target instanceof Target.Topic topic) {
          topics.add(topic.name());
        }
      }
      return topics;
    }
  }

  private static final class Membership {
    private CompletionStage<Void> subscribed = CompletableFuture.completedStage(null);
    private Members.@Nullable Membership place; // the lane's
  }
}
