package io.pushwire.core;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Target;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the rosters of all nodes alike. Each node owns its {@link OwnEntries} and tells the others
 * what changed; a heartbeat with version and size shows who missed something, and who has gone.
 *
 * <p>What the registry asks and tells is for any thread; all else runs on the node's own.
 */
final class RosterSync {
  private static final Logger log = LoggerFactory.getLogger(RosterSync.class);

  private final NodeInfo self;
  private final Roster roster;
  private final OwnEntries own;
  private final Control.Out out;
  private final NodeThread thread;
  private final long heartbeatNanos;

  private final Map<NodeId, RemoteNode> remotes = new HashMap<>();
  private volatile Set<NodeInfo> nodes;
  private volatile boolean stale = true; // until the link has proved itself
  private long echoedAt;
  private boolean answering;
  private boolean twinReported;

  RosterSync(
      Roster roster, Roster.Holder holder, Control.Out out, NodeThread thread, Duration heartbeat) {
    this.self = holder.node();
    this.roster = roster;
    this.out = out;
    this.thread = thread;
    this.heartbeatNanos = heartbeat.toNanos();
    this.own = new OwnEntries(roster, holder, out, thread, heartbeatNanos);
    this.nodes = Set.of(self);
  }

  void start() {
    echoedAt = System.nanoTime();
    own.sendHeartbeat(true);
    thread.every(Duration.ofNanos(heartbeatNanos), this::tick);
  }

  Set<NodeInfo> nodes() {
    return nodes;
  }

  boolean isOnline(String user) {
    return roster.isOnline(user);
  }

  List<ConnectionId> connections(String user) {
    return roster.connections(user);
  }

  boolean isStale() {
    return stale;
  }

  /** One of this node's connections came or went. */
  void changed(boolean online, String user, long number) {
    own.changed(online, user, number);
  }

  CompletionStage<?> sayFarewell() {
    return own.sendFarewell();
  }

  private void tick() {
    own.sendHeartbeat(false);
    long now = System.nanoTime();
    remotes.values().forEach(remote -> remote.askAgain(now));
  }

  /**
   * The own heartbeat came back. Only then does the silence of others mean that they are gone: had
   * the link been away, or this process been stopped, it would have been missing as well.
   */
  private void echoed() {
    long now = System.nanoTime();
    if (now - echoedAt > heartbeatNanos * 3 / 2) {
      grace(); // what the others said meanwhile is lost, or still on its way
    }
    echoedAt = now;
    for (RemoteNode remote : List.copyOf(remotes.values())) {
      if (!stale && remote.isSilent(now)) {
        log.warn("Node {} is gone: it has been silent for too long", remote.node());
        forget(remote);
      }
    }
  }

  /** The link is down: what is known grows old, but nothing is dropped for being silent. */
  void linkChanged(boolean up) {
    if (up) {
      grace();
      stale = false;
      own.sendHeartbeat(true);
    } else {
      stale = true;
    }
  }

  /** Everybody gets the time of a silent node from now on. */
  private void grace() {
    long now = System.nanoTime();
    remotes.values().forEach(remote -> remote.heardAt = now);
  }

  void received(NodeId origin, Control message) {
    if (origin.equals(self.id())) {
      if (message.incarnation() != self.incarnation()) {
        checkTwin(message);
      } else if (message instanceof Control.Heartbeat) {
        echoed();
      }
      return;
    }
    RemoteNode remote = remotes.get(origin);
    if (remote != null && message.incarnation() < remote.node().incarnation()) {
      return;
    }
    if (message instanceof Control.SnapshotRequest request) {
      if (request.asked() == self.incarnation()) {
        own.sendSnapshot(origin);
      }
      return;
    }
    if (message instanceof Control.Farewell) {
      if (remote != null && message.incarnation() == remote.node().incarnation()) {
        log.info("Node {} has closed", remote.node());
        forget(remote);
      }
      return;
    }
    if (remote == null || message.incarnation() > remote.node().incarnation()) {
      remote = welcome(NodeInfo.of(origin, message.incarnation()), remote);
    }
    remote.heardAt = System.nanoTime();
    remote.received(message);
    if (message instanceof Control.Heartbeat h && h.answer() && !answering) {
      // when all come back at once, one answer serves all
      answering = true;
      thread.after(OwnEntries.BATCH, this::answer);
    }
  }

  private void answer() {
    answering = false;
    own.sendHeartbeat(false);
  }

  private RemoteNode welcome(NodeInfo node, @Nullable RemoteNode earlier) {
    if (earlier != null) {
      log.info("Node {} has started anew", node);
      forget(earlier);
    } else {
      log.info("Node {} is there", node);
    }
    RemoteNode remote =
        new RemoteNode(
            node,
            roster,
            heartbeatNanos / 2,
            () ->
                out.send(
                    new Target.Node(node.id()),
                    new Control.SnapshotRequest(self.incarnation(), node.incarnation())));
    remotes.put(node.id(), remote);
    publishNodes();
    return remote;
  }

  private void forget(RemoteNode remote) {
    remotes.remove(remote.node().id());
    remote.drop();
    publishNodes();
  }

  private void publishNodes() {
    Set<NodeInfo> all = new HashSet<>();
    all.add(self);
    remotes.values().forEach(remote -> all.add(remote.node()));
    nodes = Set.copyOf(all);
  }

  private void checkTwin(Control message) {
    if (message instanceof Control.Heartbeat && !twinReported) {
      twinReported = true;
      log.error(
          "Another process uses the node id {} at the same time: its users and this node's hide each"
              + " other. Give each node an id of its own (node.id)",
          self.id());
    }
  }
}
