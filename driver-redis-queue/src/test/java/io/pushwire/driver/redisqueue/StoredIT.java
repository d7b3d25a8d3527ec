package io.pushwire.driver.redisqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Payload;
import io.pushwire.api.Receipt;
import io.pushwire.api.SendOptions;
import io.pushwire.api.Target;
import io.pushwire.api.WhenOffline;
import io.pushwire.core.Counters;
import io.pushwire.core.Outcome;
import io.pushwire.testkit.Peer;
import io.pushwire.testkit.TestConnection;
import io.pushwire.testkit.TestNode;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages that wait for their user. */
class StoredIT {
  private static final Target USER = Target.user("42");

  private final Redis redis = Redis.start();

  @AfterEach
  void stop() throws Exception {
    redis.close();
  }

  @Test
  void waitForAnOfflineUserAndArriveInOrder() {
    TestNode sender = redis.node();
    for (int i = 0; i < 100; i++) {
      Receipt receipt = sender.send(USER, "m" + i);
      assertThat(receipt.status()).isEqualTo(Receipt.Status.STORED);
      assertThat(receipt.waiting()).hasValue(i + 1);
      assertThat(receipt.whenOffline()).contains(WhenOffline.QUEUE);
    }
    assertThat(waiting(sender)).isEqualTo(100);
    TestNode node = redis.node();
    TestConnection connection = node.connect("42");
    connection.await(100);
    assertThat(connection.texts())
        .containsExactlyElementsOf(IntStream.range(0, 100).mapToObj(i -> "m" + i).toList());
    await().until(() -> waiting(sender) == 0);
    assertThat(node.counters().deliveredLateCount()).isEqualTo(100);
    connection.close();
    await().untilAsserted(() -> assertThat(redis.server().cli("KEYS", "*user*")).isEmpty());
  }

  @Test
  void areDroppedIfTheSenderSaysSoAndNobodyHoldsTheUser() {
    TestNode node = redis.node();
    SendOptions drop = SendOptions.builder().whenOffline(WhenOffline.DROP).build();
    Receipt receipt =
        node.sender().send(USER, Payload.text("x"), drop).toCompletableFuture().join();
    assertThat(receipt.status()).isEqualTo(Receipt.Status.NOBODY);
    assertThat(waiting(node)).isZero();
    TestConnection connection = node.connect("42");
    node.sender().send(USER, Payload.text("here"), drop).toCompletableFuture().join();
    connection.await("here");
    assertThat(connection.texts()).containsExactly("here");
  }

  @Test
  void foreignOnesOfOfflineUsersNeitherExpireNorCountUntilANodeTakesThem() {
    redis.push("42", "a", "b", "c");
    assertThat(redis.number("PTTL", "user_42_messages")).isEqualTo(-1);
    TestNode node = redis.node("max-length", "2");
    TestConnection connection = node.connect("42");
    connection.await(2);
    assertThat(connection.texts()).containsExactly("b", "c");
    assertThat(node.counters().droppedCount(Counters.Reason.STORED_LIMIT)).isEqualTo(1);
  }

  @Test
  void areReadAtTheOtherEndIfConfiguredSo() {
    redis.server().cli("RPUSH", "user_42_messages", "1");
    TestNode node = redis.node("consume", "left");
    node.send(USER, "2");
    redis.server().cli("RPUSH", "user_42_messages", "3");
    TestConnection connection = node.connect("42");
    connection.await(3);
    assertThat(connection.texts()).containsExactly("1", "2", "3");
  }

  @Test
  void stayUntilTheyAreWrittenToASocket() {
    Peer stuck = redis.peer("stuck");
    stuck.delivery().answer(envelope -> new CompletableFuture<>());
    stuck.subscribe(USER);
    TestNode sender = redis.node();
    sender.send(USER, "1");
    sender.send(USER, "2");
    stuck.await(USER, 1);
    assertThat(waiting(sender)).isEqualTo(2);
    Peer next = redis.peer("next");
    next.subscribe(USER);
    assertThat(next.await(USER, 2)).extracting(e -> e.payload().text()).containsExactly("1", "2");
    assertThat(next.delivery().received().get(0).arrival().redelivered()).isTrue();
    await().until(() -> waiting(sender) == 0);
  }

  @Test
  void thatExceptTheOnlyConnectionDoNotHoldUpTheNextOne() {
    TestNode node = redis.node();
    TestConnection connection = node.connect("42");
    SendOptions notMe = SendOptions.builder().except(Set.of(connection.id())).build();
    node.sender().send(USER, Payload.text("for others"), notMe).toCompletableFuture().join();
    node.send(USER, "for all");
    connection.await("for all");
    assertThat(connection.texts()).containsExactly("for all");
    await().until(() -> waiting(node) == 0);
  }

  @Test
  void thatAreRefusedAgainAndAgainAreGivenUp() {
    Peer peer = redis.peer("a");
    peer.delivery()
        .answer(
            e ->
                CompletableFuture.completedStage(
                    e.payload().text().equals("poison") ? Outcome.REJECTED : Outcome.DELIVERED));
    peer.subscribe(USER);
    redis.push("42", "poison", "next");
    await().untilAsserted(() -> assertThat(redis.number("LLEN", "pw:dead")).isEqualTo(1));
    await().until(() -> peer.counters().deadCount() == 1);
    assertThat(redis.server().cli("LRANGE", "pw:dead", "0", "-1"))
        .contains("user_42_messages")
        .contains("rejected 5 times")
        .endsWith("poison");
    assertThat(peer.delivery().received(USER))
        .extracting(e -> e.payload().text())
        .containsOnlyOnce("next")
        .filteredOn("poison"::equals)
        .hasSize(5);
  }

  private static long waiting(TestNode node) {
    return node.node().storedMessages().orElseThrow().waiting("42").toCompletableFuture().join();
  }
}
