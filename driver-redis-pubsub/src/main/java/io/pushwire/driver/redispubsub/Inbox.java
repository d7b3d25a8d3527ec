package io.pushwire.driver.redispubsub;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What has arrived and is not delivered yet. Redis cuts off a subscriber that reads too slowly,
 * with everything that is on its way to him; so the reading thread only puts messages here, and
 * when there are too many the oldest are dropped.
 */
final class Inbox {
  private static final int ENTRY_BYTES = 128;

  private final long limit;

  // guarded by this
  private final ArrayDeque<Received> waiting = new ArrayDeque<>();
  private long bytes;
  private long dropped;
  private boolean closed;

  Inbox(long limit) {
    this.limit = limit;
  }

  synchronized void put(Received message) {
    if (closed) {
      return;
    }
    waiting.add(message);
    bytes += message.cost();
    while (bytes > limit && waiting.size() > 1) {
      bytes -= waiting.remove().cost();
      dropped++;
    }
    if (waiting.size() == 1) {
      notifyAll();
    }
  }

  /**
   * Moves what is there to the list; waits for it if there is nothing.
   *
   * @return false after {@link #close}
   */
  synchronized boolean take(List<Received> batch, int atMost, long waitMillis)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
    for (long left = waitMillis; waiting.isEmpty() && !closed && left > 0; ) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
    while (batch.size() < atMost && !waiting.isEmpty()) {
      Received message = waiting.remove();
      bytes -= message.cost();
      batch.add(message);
    }
    return !closed;
  }

  /** How many were dropped since this was asked last. */
  synchronized long takeDropped() {
    long n = dropped;
    dropped = 0;
    return n;
  }

  synchronized void close() {
    closed = true;
    waiting.clear();
    notifyAll();
  }

  /** A message as it came. */
  static final class Received {
    private final String channel;
    private final byte[] bytes;

    Received(String channel, byte[] bytes) {
      this.channel = channel;
      this.bytes = bytes;
    }

    String channel() {
      return channel;
    }

    byte[] bytes() {
      return bytes;
    }

    private long cost() {
      return (long) ENTRY_BYTES + channel.length() + bytes.length;
    }
  }
}
