package io.pushwire.server.transport;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long messages took from their sending until the operating system had the frame: one count for
 * each message and connection. Each lane has its own, written by its loop alone, so that counting
 * needs no atomic operation; any thread may read.
 *
 * <p>A message is dated by the clock of the node that sent it, in milliseconds; what is negative
 * because two clocks differ counts as 0.
 */
public final class DeliveryTimes {
  private static final int[] BOUNDS = {
    1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000
  };

  private final AtomicLongArray counts = new AtomicLongArray(BOUNDS.length + 1);
  private final AtomicLongArray sum = new AtomicLongArray(1);

  /** Loop only. */
  void add(long millis, int times) {
    long time = Math.max(millis, 0);
    int i = 0;
    while (i < BOUNDS.length && time > BOUNDS[i]) {
      i++;
    }
    counts.setOpaque(i, counts.getPlain(i) + times);
    sum.setOpaque(0, sum.getPlain(0) + time * times);
  }

  /** Adds another one's counts; not for one that a lane writes. */
  void add(DeliveryTimes other) {
    for (int i = 0; i < counts.length(); i++) {
      counts.setPlain(i, counts.getPlain(i) + other.counts.getOpaque(i));
    }
    sum.setPlain(0, sum.getPlain(0) + other.sum.getOpaque(0));
  }

  /**
   * @return the upper bounds of all classes but the last, which has none, in seconds
   */
  public static double[] bounds() {
    double[] seconds = new double[BOUNDS.length];
    for (int i = 0; i < BOUNDS.length; i++) {
      seconds[i] = BOUNDS[i] / 1e3;
    }
    return seconds;
  }

  /**
   * @return how many fell into each class, and into no class before
   */
  public long[] counts() {
    long[] all = new long[counts.length()];
    for (int i = 0; i < all.length; i++) {
      all[i] = counts.getOpaque(i);
    }
    return all;
  }

  /**
   * @return all times together, in seconds
   */
  public double sum() {
    return sum.getOpaque(0) / 1e3;
  }
}
