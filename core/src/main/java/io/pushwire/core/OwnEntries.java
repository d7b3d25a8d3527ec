package io.pushwire.core;

import io.pushwire.api.NodeId;
import io.pushwire.api.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * This node's own part of the roster, and what the others are told of it: changes in batches,
 * heartbeats with version and size, and a snapshot to whoever asks.
 *
 * <p>All but {@link #changed} runs on the node's own thread.
 */
final class OwnEntries {
  /** Changes are collected for so long. */
  static final Duration BATCH = Duration.ofMillis(20);

  /** A connection that went is kept for so long: more than a batch and its way to the others. */
  private static final Duration LINGER = Duration.ofMillis(200);

  /** The most bytes of one message, about: every broker takes it. */
  private static final int MAX_BYTES = 48 * 1024;

  private static final Target ALL = new Target.Nodes();

  private final Roster roster;
  private final Roster.Holder own;
  private final Control.Out out;
  private final NodeThread thread;
  private final long incarnation;
  private final long heartbeatNanos;

  private final Queue<Control.Change> changes = new ConcurrentLinkedQueue<>();
  private final Queue<Departure> departures = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean flushing = new AtomicBoolean();
  private final Map<NodeId, Long> snapshotsSent = new HashMap<>();
  private long version;
  private int size;

  OwnEntries(
      Roster roster, Roster.Holder own, Control.Out out, NodeThread thread, long heartbeatNanos) {
    this.roster = roster;
    this.own = own;
    this.out = out;
    this.thread = thread;
    this.incarnation = own.node().incarnation();
    this.heartbeatNanos = heartbeatNanos;
  }

  /**
   * A connection came or went. That it went is told a little later: a user who moves to another
   * node is never seen offline, whichever of the two nodes is heard first. Any thread.
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
    takeDepartures();
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

  private void takeDepartures() {
    long now = System.nanoTime();
    for (Departure d = departures.peek(); d != null && d.due - now <= 0; d = departures.peek()) {
      departures.remove();
      roster.remove(own, d.change.user(), d.change.number());
      changes.add(d.change);
    }
    if (!departures.isEmpty()) {
      flushSoon();
    }
  }

  private void sendChanges(List<Control.Change> batch) {
    long before = version;
    for (Control.Change change : batch) {
      version++;
      size += change.online() ? 1 : -1;
    }
    out.send(ALL, new Control.Changes(incarnation, before, batch));
  }

  /**
   * @param answer whether everybody is to send one as well
   */
  void sendHeartbeat(boolean answer) {
    flush();
    long millis = heartbeatNanos / 1_000_000;
    out.send(ALL, new Control.Heartbeat(incarnation, version, size, millis, answer));
  }

  /** Not too often to the same node: others wait as well. */
  void sendSnapshot(NodeId asker) {
    long now = System.nanoTime();
    snapshotsSent.values().removeIf(sent -> now - sent >= heartbeatNanos / 4);
    if (snapshotsSent.putIfAbsent(asker, now) != null) {
      return;
    }
    flush();
    // what changes meanwhile is in the next changes too; adding or removing twice is no harm
    SnapshotWriter writer = new SnapshotWriter(new Target.Node(asker));
    roster.forEach(own, writer::add);
    writer.send(true);
  }

  CompletionStage<?> sendFarewell() {
    return out.send(ALL, new Control.Farewell(incarnation));
  }

  private static int weight(Control.Change change) {
    return 12 + 3 * change.user().length();
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

    void send(boolean last) {
      out.send(asker, new Control.SnapshotPart(incarnation, version, part, last, entries));
      part++;
      bytes = 0;
      entries = new ArrayList<>();
    }
  }
}
