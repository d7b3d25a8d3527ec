package io.pushwire.driver.redispubsub;

import io.pushwire.core.Interruption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The time in which nothing could be heard; what is lost again before all is back prolongs it. */
final class Gap {
  private @Nullable Instant since;
  private String reason = "";

  synchronized void begin(Instant at, String why) {
    if (since == null) {
      since = at;
      reason = why;
    }
  }

  /** All is back. Returns the gap, once. */
  synchronized @Nullable Interruption end() {
    if (since == null) {
      return null;
    }
    Interruption over = Interruption.of(since, Instant.now(), "Redis was away: " + reason);
    since = null;
    return over;
  }
}
