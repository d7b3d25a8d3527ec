package io.pushwire.core;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** How long to wait before a link is opened again. */
final class LinkPauses {
  private static final long FIRST_MILLIS = 50;

  /** With longer ones a node would now and then miss the first second after the broker is back. */
  private static final long LONGEST_MILLIS = 500;

  private static final long LASTING_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private long upAt;
  private long downAt;
  private int attempts;

  synchronized void up() {
    upAt = System.nanoTime();
  }

  /** Links that are lost as soon as they are up must not follow each other without a pause. */
  synchronized void down() {
    downAt = System.nanoTime();
    if (downAt - upAt > LASTING_NANOS) {
      attempts = 0;
    }
  }

  synchronized long awayMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - downAt);
  }

  synchronized long nextMillis() {
    long most = Math.min(FIRST_MILLIS << Math.min(attempts++, 10), LONGEST_MILLIS);
    return ThreadLocalRandom.current().nextLong(most) + 1;
  }
}
