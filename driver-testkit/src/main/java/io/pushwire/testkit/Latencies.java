package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How long calls took on the calling thread. */
final class Latencies {
  private static final Duration AT_ONCE = Duration.ofMillis(5);
  private static final Duration BLOCKED = Duration.ofMillis(500);

  private final List<Duration> all = new ArrayList<>();

  void time(Runnable call) {
    long begin = System.nanoTime();
    call.run();
    all.add(Duration.ofNanos(System.nanoTime() - begin));
  }

  /**
   * Nineteen of twenty under 5 ms, and none blocked: a busy machine may stop any thread a while.
   */
  void assertReturnsAtOnce() {
    Collections.sort(all);
    assertThat(all.get(all.size() * 95 / 100)).as("95 of 100 calls").isLessThan(AT_ONCE);
    assertThat(all.get(all.size() - 1)).as("the slowest call").isLessThan(BLOCKED);
  }
}
