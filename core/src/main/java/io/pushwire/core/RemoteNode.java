package io.pushwire.core;

import io.pushwire.api.NodeInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows of another one's part of the roster. After a gap it asks for a snapshot;
 * what it knew stays in force until the snapshot is complete, so that nobody seems to leave
 * meanwhile. Used on the node's own thread only.
 */
final class RemoteNode {
  /** More changes than this during one snapshot: it is asked for again. */
  private static final int MAX_BACKLOG = 10_000;

  /** A node silent for so many heartbeats is gone. */
  private static final int SILENT_HEARTBEATS = 3;

  private final NodeInfo node;
  private final Roster roster;
  private final long askAgainNanos;
  private final Runnable ask;

  long heardAt;
  private long intervalNanos = NodeConfig.DEFAULT_ROSTER_HEARTBEAT.toNanos();

  private Roster.Holder holder;
  private long version;
  private int mismatches;

  // while a snapshot is wanted
  private boolean wanting;
  private long askedAt;
  private Roster.@Nullable Holder incoming;
  private long incomingVersion;
  private int nextPart;
  private final List<Control.Changes> backlog = new ArrayList<>();
  private int backlogged;

  RemoteNode(NodeInfo node, Roster roster, long askAgainNanos, Runnable ask) {
    this.node = node;
    this.roster = roster;
    this.askAgainNanos = askAgainNanos;
    this.ask = ask;
    this.holder = new Roster.Holder(node);
  }

  NodeInfo node() {
    return node;
  }

  boolean isSilent(long now) {
    return now - heardAt > SILENT_HEARTBEATS * intervalNanos;
  }

  int size() {
    return holder.size();
  }

  void received(Control message) {
    if (message instanceof Control.Changes changes) {
      if (wanting) {
        keep(changes);
      } else {
        apply(changes);
      }
    } else if (message instanceof Control.Heartbeat heartbeat) {
      compare(heartbeat);
    } else if (message instanceof Control.SnapshotPart part) {
      take(part);
    }
  }

  private void apply(Control.Changes changes) {
    long skip = version - changes.before();
    if (skip < 0) {
      want();
      keep(changes);
      return;
    }
    List<Control.Change> list = changes.changes();
    for (int i = (int) Math.min(skip, list.size()); i < list.size(); i++) {
      Control.Change change = list.get(i);
      version++;
      if (change.online()) {
        roster.add(holder, change.user(), change.number());
      } else {
        roster.remove(holder, change.user(), change.number());
      }
    }
  }

  private void compare(Control.Heartbeat heartbeat) {
    intervalNanos = heartbeat.intervalMillis() * 1_000_000;
    if (wanting) {
      return;
    }
    if (heartbeat.version() != version) {
      want();
    } else if (heartbeat.size() == holder.size()) {
      mismatches = 0;
    } else if (++mismatches == 2) {
      // once may be a snapshot that was ahead of its version
      mismatches = 0;
      want();
    }
  }

  private void want() {
    wanting = true;
    askNow();
  }

  private void askNow() {
    abandon();
    backlog.clear();
    backlogged = 0;
    askedAt = System.nanoTime();
    ask.run();
  }

  /** Asks again if no snapshot has come, or it stopped coming. */
  void askAgain(long now) {
    if (wanting && now - askedAt > askAgainNanos) {
      askNow();
    }
  }

  private void keep(Control.Changes changes) {
    backlogged += changes.changes().size();
    if (backlogged > MAX_BACKLOG) {
      askNow();
    } else {
      backlog.add(changes);
    }
  }

  private void take(Control.SnapshotPart part) {
    if (!wanting) {
      return;
    }
    if (part.part() == 0) {
      abandon();
      incoming = new Roster.Holder(node);
      incomingVersion = part.version();
      nextPart = 0;
    }
    Roster.Holder next = incoming;
    if (next == null || part.version() != incomingVersion || part.part() != nextPart) {
      abandon();
      return;
    }
    nextPart++;
    askedAt = System.nanoTime();
    part.entries().forEach(entry -> roster.add(next, entry.user(), entry.number()));
    if (part.last()) {
      replaceBy(next);
    }
  }

  private void replaceBy(Roster.Holder next) {
    Roster.Holder before = holder;
    holder = next;
    version = incomingVersion;
    incoming = null;
    wanting = false;
    mismatches = 0;
    roster.removeAll(before);
    List<Control.Changes> missed = List.copyOf(backlog);
    backlog.clear();
    backlogged = 0;
    missed.forEach(this::received);
  }

  private void abandon() {
    if (incoming != null) {
      roster.removeAll(incoming);
      incoming = null;
    }
  }

  void drop() {
    abandon();
    roster.removeAll(holder);
  }
}
