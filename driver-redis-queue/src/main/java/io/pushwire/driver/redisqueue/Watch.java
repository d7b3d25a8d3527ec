package io.pushwire.driver.redisqueue;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Whether Redis would tell of a change to one list: then nobody need look. */
final class Watch {
  /** Not for ever: the safety net beneath the safety net. */
  private static final long NANOS = TimeUnit.MINUTES.toNanos(10);

  private int link;
  private long since;

  /**
   * @param link counts the links; 0: Redis does not tell
   * @param now by {@link System#nanoTime}
   */
  boolean isOn(int link, long now) {
    return link != 0 && this.link == link && now - since < NANOS;
  }

  /** The list has been looked at. */
  void begin(int link, long now) {
    this.link = link;
    // users who came together are not looked at again together
    since = now - ThreadLocalRandom.current().nextLong(NANOS / 2);
  }

  /** A change has been told, and the next one will not be. */
  void end() {
    link = 0;
  }
}
