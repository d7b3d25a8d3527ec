package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.testkit.BrokerControls.Control;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A link that looks alive must prove it. */
interface ProbeContract extends Cases {
  /** With the probe's default interval. */
  Duration NOTICED = Duration.ofSeconds(5);

  Duration INTERVAL = Duration.ofSeconds(2);

  /** With an interval of half a second: one kind of fault has to wait for the default one only. */
  Duration NOTICED_SOON = Duration.ofSeconds(3);

  Duration SHORT_INTERVAL = Duration.ofMillis(500);

  @Case(40)
  default void provesThatTheLinkIsAlive() {
    TestNode node = cluster().node();
    Wait.until(() -> node.node().link().up(), () -> "the link is " + node.node().link());
    Wait.until(() -> node.node().link().roundTrip().isPresent(), () -> "no round trip is known");
  }

  @Case(value = 40, with = Control.PAUSE)
  default void noticesABrokerThatHasFallenSilent() {
    goesDownAndUpOnce(
        INTERVAL, NOTICED, () -> cluster().broker().pause(), () -> cluster().broker().resume());
  }

  @Case(value = 40, with = Control.RESTART)
  default void noticesABrokerThatHasGone() {
    boolean soon = Scale.of(0, 1) == 0;
    goesDownAndUpOnce(
        soon ? SHORT_INTERVAL : INTERVAL,
        soon ? NOTICED_SOON : NOTICED,
        () -> cluster().broker().kill(),
        () -> cluster().broker().start());
  }

  @Case(40)
  default void aLongBacklogIsNoSilence() {
    Duration each = Duration.ofMillis(5);
    SlowProvider slow = new SlowProvider(cluster().provider(), each);
    // silence would show after a second and a quarter; what waits is delivered for longer
    TestNode node = cluster().node(slow, Map.of("probe.interval", "500 ms"));
    TestConnection member = node.connect("42", "orders");
    Wait.until(() -> node.node().link().up(), () -> "the link is " + node.node().link());
    AtomicInteger flips = watch(node);
    int count = Scale.of(800, 6000);
    for (int i = 0; i < count; i++) {
      node.sender().send(Target.topic("orders"), Payload.text("x"));
    }
    Wait.until(
        each.multipliedBy(count).plus(Wait.PATIENCE),
        () -> member.frames().size() == count,
        () -> member.frames().size() + " of " + count + " have come");
    assertThat(flips.get()).as("changes of the link's state under load").isZero();
  }

  private void goesDownAndUpOnce(
      Duration interval, Duration noticed, Runnable fault, Runnable end) {
    Map<String, String> settings = Map.of("probe.interval", interval.toMillis() + " ms");
    TestNode node = cluster().node(cluster().provider(), settings);
    Wait.until(() -> node.node().link().up(), () -> "the link is " + node.node().link());
    AtomicInteger flips = watch(node);
    fault.run();
    Wait.until(noticed, () -> !node.node().link().up(), () -> "the link still counts as up");
    end.run();
    Wait.until(noticed, () -> node.node().link().up(), () -> "the link still counts as down");
    // two probes later it is still up
    Instant since = node.node().link().since();
    Wait.until(
        () -> Instant.now().isAfter(since.plus(interval.multipliedBy(2))),
        () -> "time stands still");
    assertThat(flips.get()).as("changes of the link's state").isEqualTo(2);
  }

  /** Counts how often the link goes down or up. */
  private AtomicInteger watch(TestNode node) {
    AtomicInteger flips = new AtomicInteger();
    AtomicBoolean before = new AtomicBoolean(node.node().link().up());
    cluster()
        .closing(
            new Repeating(
                () -> {
                  boolean now = node.node().link().up();
                  if (before.getAndSet(now) != now) {
                    flips.incrementAndGet();
                  }
                }));
    return flips;
  }
}
