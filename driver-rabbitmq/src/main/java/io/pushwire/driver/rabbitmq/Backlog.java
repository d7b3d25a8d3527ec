package io.pushwire.driver.rabbitmq;

/** How much was given to the driver and is neither confirmed nor given up. Bounded. */
final class Backlog {
  static final int MAX_MESSAGES = 50_000;
  static final long MAX_BYTES = 64L * 1024 * 1024;

  private int messages;
  private long bytes;

  synchronized boolean take(int cost) {
    if (messages >= MAX_MESSAGES || bytes + cost > MAX_BYTES) {
      return false;
    }
    messages++;
    bytes += cost;
    return true;
  }

  synchronized void release(int cost) {
    messages--;
    bytes -= cost;
    if (messages == 0) {
      notifyAll();
    }
  }

  synchronized boolean isEmpty() {
    return messages == 0;
  }

  /** Waits until nothing is under way any more, but not for ever. */
  synchronized void awaitEmpty(long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    while (messages > 0) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return;
      }
      wait(left);
    }
  }
}
