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
  private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong waitingBytes = new AtomicLong();

  LaneGroups(Lane lane, Counters counters) {
    this.lane = lane;
    this.counters = counters;
  }

  Lane lane() {
    return lane;
  }

  /** On the lane. */
  Members.Membership add(Target target, Connection connection) {
    return groups.computeIfAbsent(target, t -> new Members()).add(connection);
  }

  /** On the lane. */
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
    entries.add(entry);
    if (waiting.getAndIncrement() == 0) {
      lane.execute(this::drain);
    }
    return true;
  }

  private void drain() {
    int taken = 0;
    for (Entry e = entries.poll(); e != null; e = taken < BATCH ? entries.poll() : null) {
      taken++;
      waitingBytes.addAndGet(-e.cost());
      try {
        write(e);
      } catch (RuntimeException failure) {
        log.error("A lane could not write {}", e.envelope, failure);
        e.notWritten();
      }
    }
    try {
      lane.flush();
    } catch (RuntimeException failure) {
      log.error("A lane could not flush", failure);
    }
    if (waiting.addAndGet(-taken) > 0) {
      lane.execute(this::drain);
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
    lane.write(members, entry.envelope, entry.listener());
    counters.delivered(size);
  }

  /** An envelope on its way to a lane. */
  static class Entry {
    final Envelope envelope;
    final @Nullable Members only;

    Entry(Envelope envelope, @Nullable Members only) {
      this.envelope = envelope;
      this.only = only;
    }

    final long cost() {
      return (long) ENTRY_BYTES + envelope.payload().size();
    }

    boolean stored() {
      return false;
    }

    void reached(int members) {}

    /** The lane threw, so nobody tells any more what became of its frames. */
    void notWritten() {}

    WriteListener listener() {
      return WriteListener.NONE;
    }
  }
}
