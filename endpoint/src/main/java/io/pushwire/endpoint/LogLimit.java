package io.pushwire.endpoint;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Lets one log line through in a while, whatever happens how often. Any thread. */
final class LogLimit {
  private final long intervalNanos;
  private final AtomicLong next = new AtomicLong(System.nanoTime());

  LogLimit(Duration interval) {
    intervalNanos = interval.toNanos();
  }

  boolean allows() {
    long now = System.nanoTime();
    long due = next.get();
    return now - due >= 0 && next.compareAndSet(due, now + intervalNanos);
  }
}
