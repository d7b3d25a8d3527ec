package io.pushwire.core;

import io.pushwire.api.ClosedException;
import io.pushwire.api.Target;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A connection and the targets it belongs to. */
final class Bound {
  private final Interest interest;
  private final Connection connection;
  private final LaneGroups groups;
  // guarded by this; a small map of its own would cost each connection more than it saves
  private final Map<Target, Membership> memberships = new HashMap<>(4);
  private boolean gone;

  Bound(Connection connection, LaneGroups groups, Interest interest) {
    this.interest = interest;
    this.connection = connection;
    this.groups = groups;
  }

  Connection connection() {
    return connection;
  }

  LaneGroups groups() {
    return groups;
  }

  CompletionStage<Void> add(Target target) {
    return membership(target).subscribed;
  }

  /** A refusal ends the membership that it is for, not one that began after a leave. */
  CompletionStage<Void> join(Target target) {
    Membership membership = membership(target);
    return membership.subscribed.whenComplete(
        (done, refused) -> {
          if (refused != null) {
            remove(target, membership);
          }
        });
  }

  private synchronized Membership membership(Target target) {
    if (gone) {
      Membership none = new Membership();
      none.subscribed =
          CompletableFuture.failedStage(new ClosedException("Connection " + connection.id()));
      return none;
    }
    Membership before = memberships.get(target);
    if (before != null) {
      return before;
    }
    // handed over first: whoever finds the lane through the interest finds the member there
    Membership membership = new Membership();
    groups.change(() -> membership.place = groups.add(target, connection));
    membership.subscribed = interest.acquire(target, groups);
    memberships.put(target, membership);
    return membership;
  }

  private synchronized void remove(Target target, Membership membership) {
    if (memberships.remove(target, membership)) {
      end(target, membership);
    }
  }

  synchronized void remove(Target target) {
    Membership membership = memberships.remove(target);
    if (membership != null) {
      end(target, membership);
    }
  }

  synchronized void removeAll() {
    gone = true;
    memberships.forEach(this::end);
    memberships.clear();
  }

  private void end(Target target, Membership membership) {
    interest.release(target, groups);
    groups.change(
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

  private static final class Membership {
    private CompletionStage<Void> subscribed = CompletableFuture.completedStage(null);
    private Members.@Nullable Membership place; // the lane's
  }
}
