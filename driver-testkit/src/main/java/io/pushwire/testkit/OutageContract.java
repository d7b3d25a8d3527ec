package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushwire.api.Envelope;
import io.pushwire.api.Payload;
import io.pushwire.api.PublishException;
import io.pushwire.api.PushwireException;
import io.pushwire.api.Target;
import io.pushwire.testkit.BrokerControls.Control;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** The broker is away for a while. */
interface OutageContract extends Cases {
  /** Within which a publish fails while the broker is silent. */
  Duration IN_TIME = Duration.ofSeconds(2);

  /** How soon messages flow again. */
  Duration SOON = Duration.ofSeconds(3);

  @Case(value = 16, with = Control.PAUSE)
  default void publishReturnsAtOnceWhileTheBrokerIsPaused() {
    Peer a = cluster().peer("a");
    Target user = Target.user("42");
    a.subscribe(user);
    a.send(user, "before");
    cluster().broker().pause();
    Latencies latencies = new Latencies();
    for (int i = 0; i < 1000; i++) {
      latencies.time(() -> a.publish(a.envelope(user, Payload.text("x")).build()));
    }
    cluster().broker().resume();
    latencies.assertReturnsAtOnce();
  }

  @Case(value = 31, with = Control.RESTART)
  default void failsFastWhileTheBrokerIsDownAndFlowsSoonAfter() {
    Peer a = cluster().peer("a");
    Peer b = cluster().peer("b");
    Traffic traffic = cluster().closing(new Traffic(a, b, Target.topic("t"), 1000, 16 * 1024));
    traffic.start().flows();
    Heap heap = new Heap();
    int seconds = Scale.of(8, 30);
    cluster().broker().kill();
    // what meets the end itself is under way, and may wait for the broker to come back
    Wait.until(IN_TIME, () -> fails(a), () -> "publishing does not fail");
    during(
        Duration.ofSeconds(seconds),
        () -> {
          assertFailsWithin(a, IN_TIME);
          heap.look();
        });
    heap.assertGrewByLessThan(64);
    cluster().broker().start();
    traffic.flowsWithin(SOON);
    cluster().show("broker down for " + seconds + " s", traffic.settle());
  }

  @Case(value = 33, with = Control.PAUSE)
  default void failsInTimeWhileTheBrokerIsSilentAndFlowsSoonAfter() {
    Peer a = cluster().peer("a");
    Peer b = cluster().peer("b");
    Traffic traffic = cluster().closing(new Traffic(a, b, Target.topic("t"), 200, 128));
    traffic.start().flows();
    cluster().broker().pause();
    during(Duration.ofSeconds(5), () -> assertFailsWithin(a, IN_TIME));
    cluster().broker().resume();
    traffic.flowsWithin(SOON);
    cluster().show("broker silent for 5 s", traffic.settle());
  }

  @Case(value = 35, with = Control.RESTART)
  default void saysWhatCannotBeReached() {
    cluster().broker().kill();
    assertThatThrownBy(() -> cluster().peer("a"))
        .isInstanceOf(PushwireException.class)
        .message()
        .isNotBlank();
  }

  @Case(value = 35, with = Control.RESTART)
  default void comesUpWithItsBroker() {
    cluster().broker().kill();
    TestNode node = cluster().node(cluster().provider(), Map.of("driver.lazy", "true"));
    TestConnection connection = node.connection("42");
    CompletableFuture<Void> bound = node.registry().bind(connection).toCompletableFuture();
    assertThat(bound).isNotDone();
    cluster().broker().start();
    Wait.done(bound, "bind once the broker is there");
    node.send(Target.user("42"), "now");
    connection.await("now");
  }

  private static void assertFailsWithin(Peer peer, Duration limit) {
    long begin = System.nanoTime();
    assertThatThrownBy(
            () ->
                Wait.done(
                    peer.publish(peer.envelope(Target.topic("t2"), Payload.text("x")).build()),
                    limit,
                    "publish without a broker"))
        .isInstanceOf(PublishException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(limit);
  }

  private static boolean fails(Peer peer) {
    Envelope envelope = peer.envelope(Target.topic("t2"), Payload.text("x")).build();
    return Wait.within(
        Duration.ofMillis(500),
        peer.publish(envelope).toCompletableFuture()::isCompletedExceptionally);
  }

  private static void during(Duration time, Runnable check) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      check.run();
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }
}
