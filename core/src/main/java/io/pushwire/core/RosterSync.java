package io.pushwire.core;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the rosters of all nodes alike. Each node owns its own entries and tells the others what
 * changed, in batches; a heartbeat with version and size shows who missed something, and who has
 * gone.
 *
 * <p>All but {@link #changed}, {@link #nodes} and {@link #isStale} runs on the node's own thread.
 */
final class RosterSync {
  private static final Logger log = LoggerFactory.getLogger(RosterSync.class);
  private static final Target ALL = new Target.Nodes();

  /** Changes are collected for so long. */
  private static final Duration BATCH = Duration.ofMillis(20);

  /** A connection that went is kept for so long: more than a batch and its way to the others. */
  private static final Duration LINGER = Duration.ofMillis(200);

  /** The most bytes of one message, about: every broker takes it. */
  private static final int MAX_BYTES = 48 * 1024;

  private final NodeInfo self;
  private final Roster roster;
  private final Roster.Holder own;
  private final Control.Out out;
  private final NodeThread thread;
  private final long heartbeatNanos;

  private final Queue<Control.Change> changes = new ConcurrentLinkedQueue<>();
  private final Queue<Departure> departures = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean flushing = new AtomicBoolean();
  private final Map<NodeId, RemoteNode> remotes = new HashMap<>();
  private final Map<NodeId, Long> snapshotsSent = new HashMap<>();
  private volatile Set<NodeInfo> nodes;
  private volatile boolean stale = true; // until the link has proved itself
  private long version;
  private int size;
  private long echoedAt;
  private boolean answering;
  private boolean twinReported;

  RosterSync(
      Roster roster, Roster.Holder own, Control.Out out, NodeThread thread, Duration heartbeat) {
    this.self = own.node();
    this.roster = roster;
    this.own = own;
    this.out = out;
    this.thread = thread;
    this.heartbeatNanos = heartbeat.toNanos();
    this.nodes = Set.of(self);
  }

  void start() {
    echoedAt = System.nanoTime();
    heartbeat(true);
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

  /**
   * One of this node's connections came or went. That it went is told a little later: a user who
   * moves to another node is never seen offline, whichever of the two nodes is heard first.
   */
  void changed(boolean online, String user, long number) {
    Control.Change change = new Control.Change(online, number, user);
    if (online) {
      roster.add(own, user, number);
      changes.add(change);
    } else {
      departures.add(new Departure(change, System.nanoTime() + LINGER.toNanos()));
    }
    flushSoon();
  }

  private void flushSoon() {
    if (flushing.compareAndSet(false, true)) {
      thread.after(BATCH, this::flush);
    }
  }

  private void flush() {
    flushing.set(false);
    long now = System.nanoTime();
    for (Departure d = departures.peek(); d != null && d.due - now <= 0; d = departures.peek()) {
      departures.remove();
      roster.remove(own, d.change.user(), d.change.number());
      changes.add(d.change);
    }
    if (!departures.isEmpty()) {
      flushSoon();
    }
    List<Control.Change> batch = new ArrayList<>();
    int bytes = 0;
    for (Control.Change c = changes.poll(); c != null; c = changes.poll()) {
      batch.add(c);
      bytes += weight(c);
      if (bytes > MAX_BYTES) {
        sendChanges(batch);
        batch = new ArrayList<>();
        bytes = 0;
      }
    }
    if (!batch.isEmpty()) {
      sendChanges(batch);
    }
  }

  private void sendChanges(List<Control.Change> batch) {
    long before = version;
    for (Control.Change change : batch) {
      version++;
      size += change.online() ? 1 : -1;
    }
    out.send(ALL, new Control.Changes(self.incarnation(), before, batch));
  }

  private void heartbeat(boolean answer) {
    flush();
    out.send(
        ALL,
        new Control.Heartbeat(
            self.incarnation(), version, size, heartbeatNanos / 1_000_000, answer));
  }

  private void tick() {
    heartbeat(false);
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
      heartbeat(true);
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
        sendSnapshot(origin);
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
      thread.after(BATCH, this::answer);
    }
  }

  private void answer() {
    answering = false;
    heartbeat(false);
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

  private void sendSnapshot(NodeId asker) {
    long now = System.nanoTime();
    Long sent = snapshotsSent.get(asker);
    if (sent != null && now - sent < heartbeatNanos / 4) {
      return;
    }
    snapshotsSent.keySet().retainAll(remotes.keySet());
    snapshotsSent.put(asker, now);
    flush();
    // entries that change meanwhile are in the next changes too; adding or removing twice is no
    // harm
    SnapshotWriter writer = new SnapshotWriter(new Target.Node(asker));
    roster.forEach(own, writer::add);
    writer.end();
  }

  private static int weight(Control.Change change) {
    return 12 + 3 * change.user().length();
  }

  CompletionStage<?> sayFarewell() {
    return out.send(ALL, new Control.Farewell(self.incarnation()));
  }

  private record Departure(Control.Change change, long due) {}

  /** Cuts a snapshot into parts. */
  private final class SnapshotWriter {
    private final Target asker;
    private List<Control.Change> entries = new ArrayList<>();
    private int bytes;
    private int part;

    SnapshotWriter(Target asker) {
      this.asker = asker;
    }

    void add(Control.Change entry) {
      bytes += weight(entry);
      entries.add(entry);
      if (bytes > MAX_BYTES) {
        send(false);
      }
    }

    void end() {
      send(true);
    }

    private void send(boolean last) {
      out.send(asker, new Control.SnapshotPart(self.incarnation(), version, part, last, entries));
      part++;
      bytes = 0;
      entries = new ArrayList<>();
    }
  }
}
