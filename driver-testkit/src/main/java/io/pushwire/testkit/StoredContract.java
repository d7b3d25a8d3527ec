package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.Payload;
import io.pushwire.api.Receipt;
import io.pushwire.api.SendOptions;
import io.pushwire.api.Target;
import io.pushwire.api.WhenOffline;
import io.pushwire.core.Capability;
import io.pushwire.core.Counters;
import io.pushwire.core.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Messages that wait for their user. */
interface StoredContract extends Cases {
  Target ABSENT = Target.user("42");
  Duration WEEK = Duration.ofDays(7);
  Duration LEASE = Duration.ofSeconds(15);

  @Case(value = 22, needs = Capability.STORES_FOR_OFFLINE_USERS)
  default void keepsMessagesForAUserWhoIsOffline() {
    TestNode sender = cluster().node();
    for (int i = 0; i < 100; i++) {
      Receipt receipt = sender.send(ABSENT, "m" + i);
      assertThat(receipt.status()).isEqualTo(Receipt.Status.STORED);
      assertThat(receipt.whenOffline()).contains(WhenOffline.QUEUE);
      if (receipt.waiting().isPresent()) {
        assertThat(receipt.waiting()).hasValue(i + 1);
      }
    }
    assertThat(sender.counters().storedCount()).isEqualTo(100);
    TestNode node = cluster().node();
    TestConnection back = node.connect("42");
    back.await(100);
    sender.send(ABSENT, "m100");
    back.await(101);
    assertThat(back.texts()).isEqualTo(numbered(0, 101));
  }

  @Case(value = 22, needs = Capability.STORES_FOR_OFFLINE_USERS)
  default void dropsForAnOfflineUserWhatIsNotToWait() {
    TestNode node = cluster().node();
    SendOptions drop = SendOptions.builder().whenOffline(WhenOffline.DROP).build();
    Receipt receipt = Wait.done(node.sender().send(ABSENT, Payload.text("gone"), drop), "send");
    assertThat(receipt.status()).isNotEqualTo(Receipt.Status.STORED);
    TestConnection connection = node.connect("42");
    Wait.done(node.sender().send(ABSENT, Payload.text("here"), drop), "send");
    connection.await("here");
    assertThat(connection.texts()).containsExactly("here");
  }

  @Case(value = 23, needs = Capability.STORES_FOR_OFFLINE_USERS)
  default void dropsTheOldestBeyondTheMaximumAndSaysSo() {
    TestNode sender = node(10, WEEK);
    for (int i = 0; i < 25; i++) {
      sender.send(ABSENT, "m" + i);
    }
    TestNode node = node(10, WEEK);
    TestConnection back = node.connect("42");
    back.await("m24");
    assertThat(back.texts()).isEqualTo(numbered(15, 25));
    Wait.until(
        () -> overLimit(sender) + overLimit(node) == 15,
        () -> overLimit(sender) + overLimit(node) + " are counted as dropped, of 15");
    Wait.until(
        () -> node.counters().interruptionCount() > 0, () -> "the user's node does not say so");
  }

  private TestNode node(int most, Duration time) {
    return cluster().node(cluster().provider(), cluster().keeping(most, time, LEASE));
  }

  private static long overLimit(TestNode node) {
    return node.counters().droppedCount(Counters.Reason.STORED_LIMIT);
  }

  @Case(value = 24, needs = Capability.STORES_FOR_OFFLINE_USERS)
  default void forgetsWhatHasWaitedForTooLong() {
    TestNode sender = node(100, Duration.ofSeconds(1));
    SendOptions shortly = SendOptions.builder().ttl(Duration.ofMillis(500)).build();
    sender.send(Target.user("7"), "its list's time is over");
    Wait.done(sender.sender().send(ABSENT, Payload.text("its own is"), shortly), "send");
    Instant since = Instant.now();
    TestNode node = cluster().node();
    node.send(ABSENT, "fresh"); // by this node's settings the list is kept for longer
    Wait.until(() -> Instant.now().isAfter(since.plusMillis(1500)), () -> "time stands still");
    node.send(Target.user("7"), "fresh");
    for (String user : List.of("42", "7")) {
      TestConnection back = node.connect(user);
      back.await("fresh");
      assertThat(back.texts()).containsExactly("fresh");
    }
    assertThat(node.counters().droppedCount(Counters.Reason.EXPIRED)).isEqualTo(1);
    assertThat(node.counters().deadCount()).as("given up").isZero();
  }

  @Case(value = 25, needs = Capability.STORES_FOR_OFFLINE_USERS)
  default void deliversAgainWhatWasNotAcknowledged() {
    Peer stuck = cluster().peer("stuck");
    stuck.delivery().answer(envelope -> new CompletableFuture<>());
    stuck.subscribe(ABSENT);
    TestNode sender = cluster().node();
    sender.send(ABSENT, "m0");
    sender.send(ABSENT, "m1");
    stuck.await(ABSENT, 1);
    Peer next = cluster().peer("next");
    next.subscribe(ABSENT);
    assertThat(next.await(ABSENT, 2)).extracting(e -> e.payload().text()).startsWith("m0", "m1");
    assertThat(next.delivery().received().get(0).arrival().redelivered())
        .as("marked as delivered again")
        .isTrue();
  }

  @Case(value = 26, needs = Capability.STORES_FOR_OFFLINE_USERS)
  default void keepsWhatFoundNobody() {
    Peer left = cluster().peer("left");
    left.delivery().answer(envelope -> CompletableFuture.completedStage(Outcome.NOBODY_HERE));
    left.subscribe(ABSENT);
    TestNode sender = cluster().node();
    for (int i = 0; i < 5; i++) {
      sender.send(ABSENT, "m" + i);
    }
    left.await(ABSENT, 1);
    left.unsubscribe(ABSENT);
    sender.send(ABSENT, "m5");
    TestConnection back = cluster().node().connect("42");
    back.await(6);
    assertThat(back.texts()).isEqualTo(numbered(0, 6));
  }

  @Case(value = 27, needs = Capability.STORES_FOR_OFFLINE_USERS)
  default void givesUpWhatIsRefusedAndGoesOn() {
    Peer peer = cluster().peer("a");
    peer.delivery()
        .answer(
            envelope ->
                CompletableFuture.completedStage(
                    envelope.payload().text().equals("poison")
                        ? Outcome.REJECTED
                        : Outcome.DELIVERED));
    peer.subscribe(ABSENT);
    TestNode sender = cluster().node();
    sender.send(ABSENT, "poison");
    sender.send(ABSENT, "next");
    Wait.until(() -> peer.counters().deadCount() == 1, () -> "the poison is not given up");
    Wait.until(
        () ->
            peer.delivery().received(ABSENT).stream()
                .anyMatch(e -> e.payload().text().equals("next")),
        () -> "the next one does not come");
    sender.send(ABSENT, "last");
    TestConnection back = cluster().node().connect("42");
    peer.unsubscribe(ABSENT);
    sender.send(ABSENT, "for the next node");
    back.await("for the next node");
    assertThat(back.texts()).doesNotContain("poison");
  }

  private static List<String> numbered(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
  }
}
