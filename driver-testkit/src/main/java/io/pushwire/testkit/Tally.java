package io.pushwire.testkit;

import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of numbered messages, sent in order from 0. Any thread. */
final class Tally {
  /**
   * @param sent how many the broker took
   * @param refused how many it did not take, as their sender was told
   * @param delivered how many arrived, each counted once
   * @param lost how many of those sent did not
   * @param duplicated how many arrived again
   * @param reordered how many arrived first after a later one
   * @param interruptions how many were reported to the receiver
   * @param recovery how long after the fault's end messages came through
   */
  record Result(
      int sent,
      int refused,
      int delivered,
      int lost,
      int duplicated,
      int reordered,
      int interruptions,
      Optional<Duration> recovery) {}

  private final BitSet sent = new BitSet();
  private final BitSet delivered = new BitSet();
  private int refused;
  private int duplicated;
  private int reordered;
  private int greatest = -1;
  private long faultEnd;
  private int firstAfterFault = Integer.MAX_VALUE;
  private @Nullable Duration recovery;

  synchronized void sent(int number) {
    sent.set(number);
  }

  synchronized void refused() {
    refused++;
  }

  synchronized void delivered(int number) {
    if (delivered.get(number)) {
      duplicated++;
      return;
    }
    delivered.set(number);
    if (number < greatest) {
      reordered++;
    }
    greatest = Math.max(greatest, number);
    if (number >= firstAfterFault && recovery == null) {
      recovery = Duration.ofNanos(System.nanoTime() - faultEnd);
    }
  }

  /** The fault is over; what counts is when a message from this number on arrives. */
  synchronized void faultOver(int nextNumber) {
    faultEnd = System.nanoTime();
    firstAfterFault = nextNumber;
    recovery = null;
  }

  synchronized boolean recovered() {
    return recovery != null;
  }

  synchronized boolean hasArrived(int number) {
    return delivered.get(number);
  }

  synchronized int missing() {
    BitSet missing = (BitSet) sent.clone();
    missing.andNot(delivered);
    return missing.cardinality();
  }

  synchronized Result result(int interruptions) {
    return new Result(
        sent.cardinality(),
        refused,
        delivered.cardinality(),
        missing(),
        duplicated,
        reordered,
        interruptions,
        Optional.ofNullable(recovery));
  }
}
