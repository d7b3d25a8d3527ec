package io.pushwire.driver.redispubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Payload;
import io.pushwire.api.Receipt;
import io.pushwire.api.RefusedException;
import io.pushwire.api.Target;
import io.pushwire.core.Counters;
import io.pushwire.core.EnvelopeCodec;
import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.Peer;
import io.pushwire.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is subscribed, and what is refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InterestIT {
  private static final int MANY = 100_000;

  private RedisServer redis;

  @BeforeAll
  void start() {
    redis = Brokers.redis();
  }

  @AfterAll
  void stop() {
    redis.close();
  }

  /** The best of three: others may want the processor as well. */
  @Test
  void aHundredThousandUsersAreSubscribedInFiveSecondsAndBackInTwo() {
    List<Target> users = IntStream.range(0, MANY).mapToObj(i -> Target.user("user-" + i)).toList();
    Duration subscribed = Duration.ofDays(1);
    Duration back = Duration.ofDays(1);
    for (int i = 0; i < 3 && (subscribed.toMillis() > 5000 || back.toMillis() > 2000); i++) {
      try (Peer a = Peers.open("a", redis.uri())) {
        long begin = System.nanoTime();
        Peers.done(a.driver().subscribe(users));
        subscribed = shorter(subscribed, since(begin));
        begin = System.nanoTime();
        redis.cut();
        await().until(() -> !a.delivery().interruptions().isEmpty());
        back = shorter(back, since(begin));
        assertThat(redis.channels()).isEqualTo(MANY + 3);
        assertThat(a.send(users.get(MANY - 1), "x").receivers()).hasValue(1);
      }
      await().until(() -> redis.channels() == 0);
    }
    assertThat(subscribed).isLessThan(Duration.ofSeconds(5));
    assertThat(back).isLessThan(Duration.ofSeconds(2));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  @Test
  void refusesOnlyTheChannelsThatTheUserMayNotHave() {
    redis.command(
        "ACL",
        "SETUSER",
        "app",
        "on",
        ">pw",
        "resetchannels",
        "&pw:n*",
        "&pw:u:ok*",
        "&pw:all",
        "+subscribe",
        "+unsubscribe",
        "+publish");
    String uri = "redis://app:pw@127.0.0.1:" + redis.port();
    try (Peer a = Peers.open("a", uri)) {
      List<CompletableFuture<Void>> stages =
          IntStream.range(0, 1000)
              .mapToObj(i -> Target.user((i % 100 == 50 ? "secret" : "ok") + i))
              .map(user -> a.driver().subscribe(List.of(user)).toCompletableFuture())
              .toList();
      for (int i = 0; i < stages.size(); i++) {
        CompletableFuture<Void> stage = stages.get(i);
        if (i % 100 == 50) {
          assertThatThrownBy(() -> Peers.done(stage))
              .isInstanceOf(RefusedException.class)
              .hasMessageContaining("pw:u:secret" + i)
              .hasMessageContaining("NOPERM");
        } else {
          Peers.done(stage);
        }
      }
      assertThatThrownBy(() -> a.subscribe(Target.topic("t"))).isInstanceOf(RefusedException.class);
      a.unsubscribe(Target.user("secret50"), Target.topic("t"));
      redis.cut();
      assertThat(Peers.untilFlows(a, a, Target.user("ok51"))).isLessThan(Duration.ofSeconds(2));
    } finally {
      redis.command("ACL", "DELUSER", "app");
    }
  }

  @Test
  void aReloadedPageCostsRedisNothing() {
    Target user = Target.user("reloads");
    try (Peer a = Peers.open("a", redis.uri())) {
      a.subscribe(user);
      long before = redis.commandCalls().get("subscribe");
      for (int i = 0; i < 100; i++) {
        a.unsubscribe(user);
        a.subscribe(user);
      }
      a.send(user, "here");
      a.await(user, 1);
      assertThat(redis.commandCalls()).containsEntry("subscribe", before);
      assertThat(redis.commandCalls()).doesNotContainKey("unsubscribe");
      a.unsubscribe(user);
      await().until(() -> redis.commandCalls().containsKey("unsubscribe"));
      assertThat(a.send(user, "gone").status()).isEqualTo(Receipt.Status.NOBODY);
    }
  }

  @Test
  void saysHowManyNodesTookAMessage() {
    Target topic = Target.topic("counted");
    try (Peer a = Peers.open("a", redis.uri());
        Peer b = Peers.open("b", redis.uri())) {
      Receipt nobody = a.send(topic, "x");
      assertThat(nobody.status()).isEqualTo(Receipt.Status.NOBODY);
      assertThat(nobody.receivers()).hasValue(0);
      a.subscribe(topic);
      b.subscribe(topic);
      assertThat(a.send(topic, "x").receivers()).hasValue(2);
    }
  }

  @Test
  void refusesAnEnvelopeOnTheChannelOfAnother() {
    try (Peer a = Peers.open("a", redis.uri())) {
      a.subscribe(Target.user("1"), Target.user("2"));
      byte[] forTwo =
          new EnvelopeCodec().encode(a.envelope(Target.user("2"), Payload.text("x")).build());
      redis.publish("pw:u:1", forTwo);
      redis.publish("pw:u:1", new byte[] {(byte) 0xF7, 0x50, 9});
      a.send(Target.user("1"), "end");
      a.await(Target.user("1"), 1);
      assertThat(a.delivery().count(Target.user("2"))).isZero();
      assertThat(a.counters().droppedCount(Counters.Reason.FORBIDDEN)).isEqualTo(1);
      assertThat(a.counters().droppedCount(Counters.Reason.MALFORMED)).isEqualTo(1);
    }
  }

  @Test
  void fixedChannelsAreHeardAndMayNameOthers() {
    try (Peer a = Peers.open("a", redis.uri(), "ingress", "ws.in=everyone, news=topic:x")) {
      a.subscribe(Target.everyone(), Target.topic("x"));
      assertThat(redis.cli("PUBLISH", "ws.in", "to all")).isEqualTo("1");
      assertThat(redis.cli("PUBLISH", "news", "to x")).isEqualTo("1");
      redis.publish(
          "news",
          "PW1 {\"to\":{\"user\":\"7\"}}\nto 7".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      a.await(Target.everyone(), 1);
      a.await(Target.topic("x"), 1);
      assertThat(a.await(Target.user("7"), 1).get(0).payload()).isEqualTo(Payload.text("to 7"));
    }
  }

  private static Duration since(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin);
  }
}
