package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.RedisServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Two servers on two ports, joined by lists in Redis on one line of their settings. */
class TwoServersRedisQueueIT {
  private static final String TO_USER = "{\"to\":{\"user\":\"42\"},\"text\":\"%s\"}";
  private static final Duration OUTAGE =
      Duration.ofSeconds(Boolean.getBoolean("pushwire.long") ? 12 : 3);

  private RedisServer redis;
  private TestServer a;
  private TestServer b;

  @BeforeEach
  void start() {
    redis = Brokers.redis("--appendonly", "yes", "--appendfsync", "always");
    String[] settings = {"driver", "redis-queue", "driver.redis-queue.uri", redis.uri()};
    a = TestServer.start(settings);
    b = TestServer.start(settings);
  }

  @AfterEach
  void stop() {
    a.close();
    b.close();
    redis.close();
  }

  @Test
  void aClientOfOneGetsWhatIsPostedAtTheOther() {
    try (RawWebSocket client = a.open("?user=42&topic=orders");
        RawWebSocket other = b.open("?user=7")) {
      JsonNode receipt = post(TO_USER.formatted("by user"));
      assertThat(receipt.get("status").asString()).isEqualTo("stored");
      assertThat(receipt.get("whenOffline").asString()).isEqualTo("queue");
      assertThat(client.next().text()).isEqualTo("by user");

      String id = TestServer.json(a.get("/v1/users/42")).get("connections").get(0).asString();
      post("{\"to\":{\"connection\":\"" + id + "\"},\"text\":\"by connection\"}");
      assertThat(client.next().text()).isEqualTo("by connection");

      post("{\"to\":{\"users\":[\"42\",\"7\",\"8\"]},\"text\":\"by several\"}");
      assertThat(client.next().text()).isEqualTo("by several");
      assertThat(other.next().text()).isEqualTo("by several");

      post("{\"to\":{\"topic\":\"orders\"},\"text\":\"by topic\"}");
      assertThat(client.next().text()).isEqualTo("by topic");

      byte[] bytes = {0, (byte) 0xFF, 1};
      String base64 = Base64.getEncoder().encodeToString(bytes);
      post("{\"to\":{\"everyone\":true},\"base64\":\"" + base64 + "\"}");
      assertThat(client.next().payload()).isEqualTo(bytes);
      assertThat(other.next().payload()).isEqualTo(bytes);

      redis.cli("LPUSH", "user_42_messages", "by redis-cli");
      assertThat(client.next().text()).isEqualTo("by redis-cli");
    }
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
        assert503AtOnce();
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
      assertThat(a.get("/health/live").statusCode()).isEqualTo(200);
      redis.start();
      await().until(() -> b.post("/v1/messages", TO_USER.formatted("after")).statusCode() == 202);
      assertThat(client.next().text()).isEqualTo("after");
      try (RawWebSocket other = b.open("?user=7")) {
        assertThat(other.next().text()).isEqualTo("before");
      }
      await().until(() -> b.get("/health/ready").statusCode() == 200);
    }
  }

  private void assert503AtOnce() {
    long begin = System.nanoTime();
    HttpResponse<String> response = b.post("/v1/messages", TO_USER.formatted("lost"));
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).isPresent();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(1500));
  }

  private JsonNode post(String json) {
    HttpResponse<String> response = b.post("/v1/messages", json);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    return TestServer.json(response);
  }
}
