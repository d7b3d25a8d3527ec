package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.RedisServer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Two servers on two ports, joined by lists in Redis on one line of their settings. */
class TwoServersRedisQueueIT extends TwoServersContract {
  private static final Duration OUTAGE =
      Duration.ofSeconds(Boolean.getBoolean("pushwire.long") ? 12 : 3);

  private static final Duration AT_ONCE = Duration.ofMillis(1500);

  private RedisServer redis;

  @Override
  String[] startBroker() {
    redis = Brokers.redis("--appendonly", "yes", "--appendfsync", "always");
    return new String[] {"driver", "redis-queue", "driver.redis-queue.uri", redis.uri()};
  }

  @Override
  void stopBroker() {
    redis.close();
  }

  @Override
  void assertTaken(JsonNode receipt) {
    assertThat(receipt.get("status").asString()).isEqualTo("stored");
    assertThat(receipt.get("whenOffline").asString()).isEqualTo("queue");
  }

  @Override
  void assertForeignIsHeard(RawWebSocket client, RawWebSocket other) {
    redis.cli("LPUSH", "user_42_messages", "by redis-cli");
    assertThat(client.next().text()).isEqualTo("by redis-cli");
  }

  @Test
  void whatWaitsIsShownAndComesInOrder() {
    for (int i = 0; i < 4; i += 2) {
      assertThat(post(TO_USER.formatted("m" + i)).get("waiting").asInt()).isEqualTo(i + 1);
      redis.cli("LPUSH", "user_42_messages", "m" + (i + 1));
    }
    for (TestServer server : new TestServer[] {a, b}) {
      JsonNode user = TestServer.json(server.get("/v1/users/42"));
      assertThat(user.get("online").asBoolean()).isFalse();
      assertThat(user.get("waiting").asInt()).isEqualTo(4);
    }
    try (RawWebSocket client = a.open("?user=42")) {
      IntStream.range(0, 4).forEach(i -> assertThat(client.next().text()).isEqualTo("m" + i));
      await().until(() -> TestServer.json(b.get("/v1/users/42")).get("waiting").asInt() == 0);
    }
  }

  @Test
  void whoMovesToTheOtherServerGetsTheRest() {
    RawWebSocket client = a.open("?user=42");
    post(TO_USER.formatted("here"));
    assertThat(client.next().text()).isEqualTo("here");
    a.close();
    post(TO_USER.formatted("while he moves"));
    try (RawWebSocket back = b.open("?user=42")) {
      assertThat(back.next().text()).isEqualTo("while he moves");
      post(TO_USER.formatted("there"));
      assertThat(back.next().text()).isEqualTo("there");
    }
  }

  @Test
  void bothOutliveRedisAndSoDoesWhatWaits() {
    try (RawWebSocket client = a.open("?user=42")) {
      post("{\"to\":{\"user\":\"7\"},\"text\":\"before\"}");
      redis.kill();
      long end = System.nanoTime() + OUTAGE.toNanos();
      while (System.nanoTime() < end) {
        assert503Within(AT_ONCE);
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
      assertThat(a.get("/health/live").statusCode()).isEqualTo(200);
      redis.start();
      await().until(() -> b.post(MESSAGES, TO_USER.formatted("after")).statusCode() == 202);
      assertThat(client.next().text()).isEqualTo("after");
      try (RawWebSocket other = b.open("?user=7")) {
        assertThat(other.next().text()).isEqualTo("before");
      }
      await().until(() -> b.get("/health/ready").statusCode() == 200);
    }
  }
}
