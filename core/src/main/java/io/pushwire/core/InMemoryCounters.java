package io.pushwire.core;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts in memory; each number can be read at any time.
 *
 * @since 0.1
 */
public final class InMemoryCounters implements Counters {
  private final LongAdder published = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private final Map<Reason, LongAdder> dropped = new EnumMap<>(Reason.class);
  private final LongAdder interruptions = new LongAdder();
  private final LongAdder stored = new LongAdder();
  private final LongAdder dead = new LongAdder();
  private final LongAdder deliveredLate = new LongAdder();

  /** Starts at zero. */
  public InMemoryCounters() {
    for (Reason reason : Reason.values()) {
      dropped.put(reason, new LongAdder());
    }
  }

  @Override
  public void published() {
    published.increment();
  }

  @Override
  public void delivered(int connections) {
    delivered.add(connections);
  }

  @Override
  public void dropped(Reason reason, long count) {
    adder(reason).add(count);
  }

  @Override
  public void interrupted() {
    interruptions.increment();
  }

  @Override
  public void stored() {
    stored.increment();
  }

  @Override
  public void dead() {
    dead.increment();
  }

  @Override
  public void deliveredLate() {
    deliveredLate.increment();
  }

  /**
   * @return messages that the broker took
   */
  public long publishedCount() {
    return published.sum();
  }

  /**
   * @return messages times connections that got them
   */
  public long deliveredCount() {
    return delivered.sum();
  }

  /**
   * @param reason a reason
   * @return how much was dropped for it
   */
  public long droppedCount(Reason reason) {
    return adder(reason).sum();
  }

  /**
   * @return interruptions reported
   */
  public long interruptionCount() {
    return interruptions.sum();
  }

  /**
   * @return messages stored for users
   */
  public long storedCount() {
    return stored.sum();
  }

  /**
   * @return messages moved to the dead letters
   */
  public long deadCount() {
    return dead.sum();
  }

  /**
   * @return messages that had waited for their users
   */
  public long deliveredLateCount() {
    return deliveredLate.sum();
  }

  @SuppressWarnings("NullAway") // the constructor put an adder for each reason
  private LongAdder adder(Reason reason) {
    return dropped.get(reason);
  }
}
