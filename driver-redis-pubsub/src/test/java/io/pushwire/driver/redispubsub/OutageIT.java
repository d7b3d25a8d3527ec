package io.pushwire.driver.redispubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Payload;
import io.pushwire.api.PublishException;
import io.pushwire.api.Target;
import io.pushwire.core.Interruption;
import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.FaultProxy;
import io.pushwire.testkit.Peer;
import io.pushwire.testkit.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis goes away, falls silent, or closes connections. */
class OutageIT {
  private static final Target USER = Target.user("42");
  private static final Duration A_SECOND = Duration.ofSeconds(1);

  /** On a machine that has other things to do; without a time-out all the same. */
  private static final Duration AT_ONCE = Duration.ofMillis(1500);

  private final RedisServer redis = Brokers.redis();
  private Peer a;
  private Peer b;

  @BeforeEach
  void open() {
    a = Peers.open("a", redis.uri());
    b = Peers.open("b", redis.uri());
    b.subscribe(USER);
    a.send(USER, "before");
    b.await(USER, 1);
  }

  @AfterEach
  void close() {
    a.close();
    b.close();
    redis.close();
  }

  @Test
  void flowsWithinASecondAfterRedisIsBackAndReportsTheLoss() {
    Duration outage = Duration.ofSeconds(Peers.LONG ? 12 : 3);
    redis.kill();
    CompletableFuture<Void> meanwhile =
        b.driver().subscribe(List.of(Target.topic("meanwhile"))).toCompletableFuture();
    long end = System.nanoTime() + outage.toNanos();
    while (System.nanoTime() < end) {
      assertFailsWithin(AT_ONCE);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    assertThat(meanwhile).isNotDone();
    redis.start();
    assertThat(Peers.untilFlows(a, b, USER)).isLessThan(A_SECOND);
    Peers.done(meanwhile);
    Peers.untilFlows(a, b, Target.topic("meanwhile"));
    for (Peer peer : List.of(a, b)) {
      await().until(() -> !peer.delivery().interruptions().isEmpty());
      assertThat(peer.delivery().interruptions()).hasSize(1);
      Interruption gap = peer.delivery().interruptions().get(0);
      assertThat(gap.duration()).isBetween(outage.minusMillis(500), outage.plusSeconds(5));
    }
  }

  @Test
  void failsInTimeWhileRedisIsSilentAndLosesNothingThatWasTaken() {
    redis.pause();
    assertFailsWithin(Duration.ofSeconds(2));
    for (int i = 0; i < 10; i++) {
      assertFailsWithin(AT_ONCE); // the link is known to be lost
    }
    redis.resume();
    assertThat(Peers.untilFlows(a, b, USER)).isLessThan(Duration.ofSeconds(3));
    assertThat(b.delivery().interruptions()).isEmpty();
  }

  @Test
  void whatWasNeverAnsweredMakesRoomAgain() {
    byte[] large = new byte[256 * 1024];
    try (Peer c = Peers.open("c", redis.uri(), "outbox-size", "1 MiB")) {
      for (int round = 0; round < 5; round++) {
        redis.pause();
        for (int i = 0; i < 3; i++) {
          c.publish(c.envelope(USER, Payload.binary(large)).build());
        }
        await().until(() -> !Peers.tryToSend(c, USER));
        redis.resume();
        // not until something arrives: that may be what was published before
        await().until(() -> Peers.tryToSend(c, USER));
      }
      // all the room there is
      IntStream.range(0, 3)
          .mapToObj(i -> c.publish(c.envelope(USER, Payload.binary(large)).build()))
          .toList()
          .forEach(Peers::done);
    }
  }

  @Test
  void everySubscriptionIsThereAfterTwentyCutsUnderLoad() {
    List<Target> targets =
        IntStream.range(0, 500)
            .mapToObj(i -> i % 2 == 0 ? Target.user("u" + i) : Target.topic("t" + i))
            .toList();
    Peers.done(b.driver().subscribe(targets));
    Instant lastCut = Instant.now();
    for (int cut = 1; cut <= 20; cut++) {
      lastCut = Instant.now();
      redis.cut();
      for (int i = 0; i < 200; i++) {
        a.publish(a.envelope(targets.get(i), Payload.text("load")).build());
      }
      Peers.untilFlows(a, b, USER);
    }
    Instant last = lastCut;
    // a cut that comes before all is back prolongs the gap
    await()
        .until(() -> b.delivery().interruptions().stream().anyMatch(g -> g.until().isAfter(last)));
    assertThat(b.delivery().interruptions()).hasSizeLessThanOrEqualTo(20);
    for (Target target : targets) {
      int before = b.delivery().count(target);
      assertThat(a.send(target, "still").receivers()).hasValue(1);
      b.await(target, before + 1);
    }
  }

  @Test
  void interestThatChangesWhileTheLinkIsCutIsRightInTheEnd() {
    for (int round = 0; round < 20; round++) {
      redis.cut();
      b.driver().unsubscribe(List.of(USER));
      Peers.done(b.driver().subscribe(List.of(USER)));
      Peers.untilFlows(a, b, USER);
    }
  }

  @Test
  void aBlackHoleIsLeftWhenCoreAsksForANewLink() {
    try (FaultProxy proxy = FaultProxy.to(redis.port());
        Peer c = Peers.open("c", "redis://127.0.0.1:" + proxy.port())) {
      c.subscribe(USER);
      Peers.untilFlows(a, c, USER);
      proxy.blackHole();
      assertThat(Peers.tryToSend(c, USER)).isFalse();
      c.driver().relink();
      c.driver().relink();
      assertThat(Peers.tryToSend(c, USER)).isFalse();
      int before = c.delivery().count(USER);
      a.send(USER, "lost");
      proxy.cut();
      proxy.heal();
      assertThat(Peers.untilFlows(a, c, USER)).isLessThan(Duration.ofSeconds(4));
      await().until(() -> !c.delivery().interruptions().isEmpty());
      assertThat(c.delivery().interruptions().get(0).duration()).isGreaterThan(A_SECOND);
      assertThat(c.delivery().count(USER)).isGreaterThan(before);
    }
  }

  private void assertFailsWithin(Duration limit) {
    long begin = System.nanoTime();
    assertThatThrownBy(() -> Peers.done(a.publish(a.envelope(USER, Payload.text("x")).build())))
        .isInstanceOf(PublishException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(limit);
  }
}
