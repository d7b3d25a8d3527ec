package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.NodeId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProbeTest {
  private static final Duration INTERVAL = Duration.ofMillis(200);

  private final NodeThread thread = new NodeThread(new NodeId("probe-test"));
  private final List<Boolean> changes = new CopyOnWriteArrayList<>();
  private final AtomicInteger relinks = new AtomicInteger();
  private volatile boolean echo = true;
  private volatile boolean otherTraffic;
  private Probe probe;

  @BeforeEach
  void start() {
    probe =
        new Probe(
            1,
            INTERVAL,
            message -> {
              if (echo) {
                thread.run(() -> probe.received((Control.Probe) message));
              } else if (otherTraffic) {
                thread.run(probe::heard);
              }
            },
            relinks::incrementAndGet,
            changes::add,
            thread,
            Clock.systemUTC());
    thread.run(probe::start);
    await().until(() -> !changes.isEmpty()); // told a moment after the status changed
  }

  @AfterEach
  void close() {
    thread.close();
  }

  @Test
  void isUpWithTheFirstProbeThatComesBack() {
    assertThat(probe.status().roundTrip()).isPresent();
    assertThat(changes).containsExactly(true);
  }

  @Test
  void silenceShowsWithinTwoAndAHalfIntervalsAndTheLinkIsBuiltAnew() {
    long silentSince = System.nanoTime();
    echo = false;
    await().until(() -> !probe.status().up());
    // one interval of slack for a busy machine
    assertThat(Duration.ofNanos(System.nanoTime() - silentSince))
        .isLessThan(INTERVAL.multipliedBy(7).dividedBy(2));
    await().until(() -> relinks.get() == 1);
  }

  @Test
  void goesDownAndUpOnceEach() {
    echo = false;
    await().until(() -> relinks.get() >= 2);
    echo = true;
    await().until(() -> changes.size() == 3);
    assertThat(changes).containsExactly(true, false, true);
  }

  @Test
  void relinksWithBackOff() {
    echo = false;
    await().until(() -> relinks.get() >= 1);
    long first = System.nanoTime();
    await().until(() -> relinks.get() >= 3);
    // at least one interval, then at least two
    assertThat(Duration.ofNanos(System.nanoTime() - first))
        .isGreaterThanOrEqualTo(INTERVAL.multipliedBy(3).minusMillis(20));
  }

  @Test
  void aBacklogIsNoSilence() {
    otherTraffic = true;
    echo = false;
    await().during(INTERVAL.multipliedBy(6)).until(() -> probe.status().up());
    assertThat(relinks).hasValue(0);
  }
}
