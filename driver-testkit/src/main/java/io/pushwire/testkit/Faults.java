package io.pushwire.testkit;

import java.time.Duration;

/** What a {@link FaultProxy} does to the bytes that go through it. */
final class Faults {
  static final int CHUNK = 16 * 1024;

  private boolean blackHole;
  private boolean refusing;
  private Duration latency = Duration.ZERO;
  private int bytesPerSecond = Integer.MAX_VALUE;

  synchronized void blackHole() {
    blackHole = true;
  }

  synchronized void refuse() {
    refusing = true;
  }

  synchronized boolean areRefusing() {
    return refusing;
  }

  synchronized void latency(Duration delay) {
    latency = delay;
  }

  synchronized void throttle(int bytes) {
    bytesPerSecond = bytes;
  }

  synchronized void heal() {
    blackHole = false;
    refusing = false;
    latency = Duration.ZERO;
    bytesPerSecond = Integer.MAX_VALUE;
    notifyAll();
  }

  /** The most bytes to read at a time. */
  synchronized int chunk() {
    return bytesPerSecond == Integer.MAX_VALUE ? CHUNK : Math.max(1, bytesPerSecond / 20);
  }

  /** Returns when so many bytes may go on. */
  void awaitPassage(int bytes) {
    long pause;
    synchronized (this) {
      while (blackHole) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
      }
      pause = latency.toMillis() + 1000L * bytes / bytesPerSecond;
    }
    if (pause > 0) {
      Pause.millis(pause);
    }
  }
}
