package io.pushwire.testkit;

import java.util.concurrent.locks.LockSupport;

/** Looks at something again and again, on a thread of its own, until it is closed. */
final class Repeating implements AutoCloseable {
  private static final long PAUSE_NANOS = 200_000;

  private final Thread thread;
  private volatile boolean closed;

  Repeating(Runnable look) {
    thread =
        new Thread(
            () -> {
              while (!closed) {
                look.run();
                LockSupport.parkNanos(PAUSE_NANOS);
              }
            },
            "repeating");
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
