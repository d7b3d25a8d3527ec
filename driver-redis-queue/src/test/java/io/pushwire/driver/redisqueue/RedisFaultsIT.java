package io.pushwire.driver.redisqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Payload;
import io.pushwire.api.PublishException;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.core.Counters;
import io.pushwire.testkit.TestConnection;
import io.pushwire.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Redis, and what stands in it, is not as it should be. */
class RedisFaultsIT {
  private static final Target USER = Target.user("42");

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private Redis start(String... options) {
    Redis redis = Redis.start(options);
    open.add(redis);
    return redis;
  }

  @Test
  void aKeyThatIsNoListIsSaidAndLeftAlone() {
    Redis redis = start();
    redis.server().cli("SET", "user_42_messages", "no list");
    TestNode node = redis.node("sweep", "100 ms");
    TestConnection connection = node.connect("42", "t");
    TestConnection other = node.connect("7");
    assertThatThrownBy(() -> node.send(USER, "x"))
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("WRONGTYPE");
    node.send(Target.user("7"), "flows");
    other.await("flows");
    node.send(Target.topic("t"), "live");
    connection.await("live");
    await().until(() -> node.counters().droppedCount(Counters.Reason.MALFORMED) == 1);
    assertThat(redis.server().cli("GET", "user_42_messages")).isEqualTo("no list");
    redis.server().cli("DEL", "user_42_messages");
    node.send(USER, "repaired");
    connection.await("repaired");
  }

  @Test
  void anOversizeEntryIsGivenUpAndTheNextOneFlows() {
    Redis redis = start();
    redis.server().command("LPUSH", "user_42_messages", "x".repeat(2_000_000));
    redis.server().command("LPUSH", "user_42_messages", "y".repeat(300_000));
    redis.push("42", "next");
    TestNode node = redis.node();
    TestConnection connection = node.connect("42");
    connection.await("next");
    assertThat(connection.texts()).containsExactly("next");
    assertThat(node.counters().droppedCount(Counters.Reason.MALFORMED)).isEqualTo(2);
    await().until(() -> redis.number("LLEN", "pw:dead") == 2);
  }

  @Test
  void aFloodedListIsCutInStepsAndOthersFlowMeanwhile() {
    Redis redis = start();
    int flood = 1_000_000;
    redis
        .server()
        .command(
            "EVAL",
            "for i = 1, ARGV[1] do redis.call('LPUSH', KEYS[1], 'm' .. i) end",
            "1",
            "user_42_messages",
            Integer.toString(flood));
    TestNode node = redis.node();
    TestConnection connection = node.connect("42");
    TestConnection other = node.connect("7");
    node.send(Target.user("7"), "flows");
    other.await("flows");
    connection.await(1000);
    assertThat(connection.texts())
        .isEqualTo(IntStream.rangeClosed(flood - 999, flood).mapToObj(i -> "m" + i).toList());
    assertThat(node.counters().droppedCount(Counters.Reason.STORED_LIMIT)).isEqualTo(flood - 1000);
  }

  @Test
  void withoutMemoryPublishingFailsClearlyAndWhatWaitsIsDelivered() {
    Redis redis = start("--maxmemory", "20mb", "--maxmemory-policy", "noeviction");
    TestNode node = redis.node("max-length", "1000000");
    String kilobyte = "x".repeat(1000);
    int stored = 0;
    while (true) {
      try {
        node.send(USER, kilobyte);
        stored++;
      } catch (PublishException e) {
        assertThat(e).hasMessageContaining("OOM");
        break;
      }
    }
    TestConnection connection = node.connect("42");
    int all = stored;
    await().atMost(Duration.ofSeconds(60)).until(() -> connection.frames().size() == all);
    await().ignoreExceptions().until(() -> node.send(USER, "again") != null);
    connection.await("again");
  }

  @Test
  void killedWithEverythingOnDiskItLosesNothingItAccepted() {
    Redis redis = start("--appendonly", "yes", "--appendfsync", "always");
    TestNode sender = redis.node("max-length", "100000");
    TestConnection connection = redis.node("max-length", "100000").connect("42");
    List<String> confirmed = new ArrayList<>();
    int count = Redis.LONG ? 20_000 : 2_000;
    List<CompletableFuture<Receipt>> sent = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sent.add(sender.sender().send(USER, Payload.text("m" + i)).toCompletableFuture());
      if (i % 100 == 99) {
        await().until(sent.get(i)::isDone);
      }
      if (i == count / 2) {
        redis.server().kill();
        redis.server().start();
        await()
            .ignoreExceptions()
            .until(() -> sender.send(Target.user("7"), "is it back?") != null);
      }
    }
    await().until(() -> sent.stream().allMatch(CompletableFuture::isDone));
    for (int i = 0; i < count; i++) {
      if (!sent.get(i).isCompletedExceptionally()) {
        confirmed.add("m" + i);
      }
    }
    assertThat(confirmed.size()).isGreaterThan(count / 2);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(connection.texts()).containsSubsequence(confirmed));
    assertThat(connection.texts()).doesNotHaveDuplicates();
  }

  @Test
  void flushedItIsToldWhoIsHereAgain() {
    Redis redis = start();
    TestNode node = redis.node("sweep", "200 ms");
    TestConnection connection = node.connect("42", "t");
    redis.server().flush();
    await().until(() -> node.counters().interruptionCount() > 0);
    await().until(() -> redis.number("EXISTS", "pw:{user_42_messages}:own") == 1);
    node.send(USER, "user");
    node.send(Target.topic("t"), "topic");
    node.send(Target.everyone(), "everyone");
    connection.await(3);
    redis.push("42", "foreign");
    connection.await("foreign");
  }
}
