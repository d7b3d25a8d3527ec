package io.pushwire.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** In which nothing was heard of the broker; a loss before all is back prolongs it. */
final class LinkGap {
  private final String name;
  private volatile Instant heard = Instant.now();

  // guarded by this
  private @Nullable Instant since;
  private String reason = "";

  LinkGap(String name) {
    this.name = name;
  }

  void heard() {
    heard = Instant.now();
  }

  synchronized void begin(String why) {
    if (since == null) {
      since = heard;
    }
    reason = why;
  }

  /** All is back. Returns the gap, once. */
  synchronized @Nullable Interruption end() {
    if (since == null) {
      return null;
    }
    Interruption over =
        Interruption.of(since, Instant.now(), "The " + name + " was lost: " + reason);
    since = null;
    return over;
  }
}
