package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.testkit.RabbitMqServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Two servers on two ports, joined by RabbitMQ on one line of their settings. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoServersRabbitMqIT {
  private static final String TO_USER = "{\"to\":{\"user\":\"42\"},\"text\":\"%s\"}";
  private static final Duration OUTAGE =
      Duration.ofSeconds(Boolean.getBoolean("pushwire.long") ? 12 : 4);

  private final RabbitMqServer rabbit = RabbitMqServer.open();
  private TestServer a;
  private TestServer b;

  @BeforeEach
  void start() {
    String[] settings = {"driver", "rabbitmq", "driver.rabbitmq.uri", rabbit.uri()};
    a = TestServer.start(settings);
    b = TestServer.start(settings);
  }

  @AfterEach
  void close() {
    a.close();
    b.close();
  }

  @AfterAll
  void stop() {
    rabbit.close();
  }

  @Test
  void aClientOfOneGetsWhatIsPostedAtTheOther() {
    try (RawWebSocket client = a.open("?user=42&topic=orders");
        RawWebSocket other = b.open("?user=7")) {
      assertThat(post(TO_USER.formatted("by user")).get("status").asString()).isEqualTo("accepted");
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

      rabbit.publish("", "ws.notice", "by amqp-publish".getBytes(StandardCharsets.UTF_8));
      assertThat(client.next().text()).isEqualTo("by amqp-publish");
      assertThat(other.next().text()).isEqualTo("by amqp-publish");
    }
  }

  @Test
  void whatIsToWaitIsRefused() {
    HttpResponse<String> response =
        a.post(
            "/v1/messages", "{\"to\":{\"user\":\"42\"},\"text\":\"x\",\"whenOffline\":\"queue\"}");
    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.body()).contains("rabbitmq");
  }

  @Test
  void bothOutliveABrokerThatIsKilled() {
    survives(rabbit::kill, rabbit::start, Duration.ofMillis(500));
  }

  @Test
  void bothOutliveABrokerThatFallsSilent() {
    survives(rabbit::pause, rabbit::resume, Duration.ofMillis(2500));
  }

  @Test
  void bothOutliveABrokerThatIsShortOfMemory() {
    survives(
        () -> rabbit.memoryAlarm(true), () -> rabbit.memoryAlarm(false), Duration.ofMillis(2500));
  }

  /**
   * @param atMost how long a publish may take to be refused
   */
  private void survives(Runnable fault, Runnable end, Duration atMost) {
    try (RawWebSocket client = a.open("?user=42");
        RawWebSocket other = b.open("?user=7")) {
      post(TO_USER.formatted("before"));
      assertThat(client.next().text()).isEqualTo("before");
      fault.run();
      // what meets the end itself is under way, and may wait for the broker to come back
      await().until(this::isRefusedInTime);
      long over = System.nanoTime() + OUTAGE.toNanos();
      while (System.nanoTime() < over) {
        assertRefused(atMost);
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
      for (TestServer server : List.of(a, b)) {
        await().until(() -> server.get("/health/ready").statusCode() == 503);
        assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
      }
      end.run();
      await().until(() -> b.post("/v1/messages", TO_USER.formatted("after")).statusCode() == 202);
      await().until(() -> client.next().text().equals("after"));
      post("{\"to\":{\"everyone\":true},\"text\":\"all are still here\"}");
      await().until(() -> other.next().text().equals("all are still here"));
      for (TestServer server : List.of(a, b)) {
        await().until(() -> server.get("/health/ready").statusCode() == 200);
      }
    }
  }

  private boolean isRefusedInTime() throws Exception {
    try {
      return CompletableFuture.supplyAsync(
                  () -> b.post("/v1/messages", TO_USER.formatted("lost")).statusCode())
              .get(2500, TimeUnit.MILLISECONDS)
          == 503;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private void assertRefused(Duration atMost) {
    long begin = System.nanoTime();
    HttpResponse<String> response = b.post("/v1/messages", TO_USER.formatted("lost"));
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).isPresent();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(atMost);
  }

  private JsonNode post(String json) {
    HttpResponse<String> response = b.post("/v1/messages", json);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    return TestServer.json(response);
  }
}
