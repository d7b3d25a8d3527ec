package io.pushwire.core;

import io.pushwire.api.Envelope;
import io.pushwire.api.Target;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane's connections by target, and the bounded hand-over of envelopes to them. The groups
 * belong to the lane's thread; only the hand-over is for any.
 *
 * <p>Changes of the groups are handed over like envelopes: as tasks of the lane they would come
 * after what is handed over later, while the lane is still writing, and a connection that has just
 * been bound would miss it.
 */
final class LaneGroups {
  /** What may wait for one lane, payloads and an allowance of {@value #ENTRY_BYTES} for each. */
  static final long HAND_OVER_BYTES = 64L * 1024 * 1024;

  private static final int ENTRY_BYTES = 256;

  // a longer batch would keep the lane from its sockets' reads
  private static final int BATCH = 256;

  private static final Logger log = LoggerFactory.getLogger(LaneGroups.class);

  private final Lane lane;
  private final Counters counters;
  private final Map<Target, Members> groups = new HashMap<>();
  private final Queue<Item> items = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong waitingBytes = new AtomicLong();

  private boolean written; // since the last flush; the lane's

  LaneGroups(Lane lane, Counters counters) {
    this.lane = lane;
    this.counters = counters;
  }

  /** Changes the groups on the lane, before anything that is handed over from now on. */
  void change(Runnable change) {
    add(new Change(change));
  }

  /** In a {@link #change}. */
  Members.Membership add(Target target, Connection connection) {
    return groups.computeIfAbsent(target, t -> new Members()).add(connection);
  }

  /** In a {@link #change}. */
  void remove(Target target, Members.Membership membership) {
    if (membership.remove()) {
      groups.remove(target);
    }
  }

  /**
   * Hands an envelope over; false if too much waits already. The first one is always taken, however
   * large; so is a stored one: how many of them are under way is bounded by its driver.
   */
  boolean offer(Entry entry) {
    long cost = entry.cost();
    long before = waitingBytes.getAndAdd(cost);
    if (before > 0 && before + cost > HAND_OVER_BYTES && !entry.stored()) {
      waitingBytes.addAndGet(-cost);
      return false;
    }
    add(entry);
    return true;
  }

  private void add(Item item) {
    items.add(item);
    if (waiting.getAndIncrement() == 0) {
      lane.execute(this::drain);
    }
  }

  private void drain() {
    int taken = 0;
    for (Item i = items.poll(); i != null; i = taken < BATCH ? items.poll() : null) {
      taken++;
      waitingBytes.addAndGet(-i.cost());
      try {
        i.take(this);
      } catch (Throwable failure) { // an error of one message must not end the lane for all
        log.error("A lane could not take {}", i, failure);
        i.failed();
      }
    }
    flush();
    if (waiting.addAndGet(-taken) > 0) {
      lane.execute(this::drain);
    }
  }

  private void flush() {
    if (!written) {
      return;
    }
    written = false;
    try {
      lane.flush();
    } catch (Throwable failure) {
      log.error("A lane could not flush", failure);
    }
  }

  private void write(Entry entry) {
    Members members = entry.only == null ? groups.get(entry.envelope.target()) : entry.only;
    if (members != null && !entry.envelope.except().isEmpty()) {
      members = members.except(entry.envelope.except());
    }
    int size = members == null ? 0 : members.size();
    entry.reached(size);
    if (members == null || size == 0) {
      counters.dropped(Counters.Reason.NOBODY, 1);
      return;
    }
    written = true;
    lane.write(members, entry.envelope, entry.listener());
    counters.delivered(size);
  }

  /** What is handed over to a lane. */
  private abstract static class Item {
    long cost() {
      return 0;
    }

    /** On the lane. */
    abstract void take(LaneGroups groups);

    /** The lane threw. */
    void failed() {}
  }

  private static final class Change extends Item {
    private final Runnable change;

    Change(Runnable change) {
      this.change = change;
    }

    @Override
    void take(LaneGroups groups) {
      // the lane may still hold frames for the members as they were
      groups.flush();
      change.run();
    }
  }

  /** An envelope on its way to lanes. */
  static class Entry extends Item {
    private final Envelope envelope;
    private final @Nullable Members only;

    Entry(Envelope envelope, @Nullable Members only) {
      this.envelope = envelope;
      this.only = only;
    }

    @Override
    final long cost() {
      return (long) ENTRY_BYTES + envelope.payload().size();
    }

    @Override
    final void take(LaneGroups groups) {
      groups.write(this);
    }

    boolean stored() {
      return false;
    }

    void reached(int members) {}

    WriteListener listener() {
      return WriteListener.NONE;
    }

    @Override
    public String toString() {
      return envelope.toString();
    }
  }
}
