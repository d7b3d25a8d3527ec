package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.testkit.RabbitMqServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
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
      Duration.ofSeconds(Boolean.getBoolean("pushwire.long") ? 12 : 6);
  private static final Duration IN_TIME = Duration.ofSeconds(2);
  private static final Duration AT_ONCE = Duration.ofMillis(200);
  private static final Duration RED = Duration.ofSeconds(5);
  private static final Duration GREEN = Duration.ofSeconds(5);

  private enum Fault {
    KILLED,
    PAUSED,
    SHORT_OF_MEMORY
  }

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
      // each got it once
      post("{\"to\":{\"everyone\":true},\"text\":\"end\"}");
      assertThat(client.next().text()).isEqualTo("end");
      assertThat(other.next().text()).isEqualTo("end");
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
  void aServerThatStopsLeavesNothingOnTheBroker() {
    assertThat(rabbit.queues("pw.")).hasSize(2);
    a.close();
    b.close();
    assertThat(rabbit.queues("pw.")).isEmpty();
    assertThat(rabbit.queues("")).containsExactly("ws.notice");
    await().until(() -> rabbit.leftovers("pw.").get("connections") == 0);
    assertThat(rabbit.leftovers("pw.")).containsEntry("bindings", 0L);
  }

  @Test
  void bothOutliveABrokerThatIsKilled() {
    survives(Fault.KILLED, rabbit::kill, rabbit::start);
  }

  @Test
  void bothOutliveABrokerThatFallsSilent() {
    survives(Fault.PAUSED, rabbit::pause, rabbit::resume);
  }

  @Test
  void bothOutliveABrokerThatIsShortOfMemory() {
    survives(
        Fault.SHORT_OF_MEMORY, () -> rabbit.memoryAlarm(true), () -> rabbit.memoryAlarm(false));
  }

  private void survives(Fault fault, Runnable begins, Runnable ends) {
    try (RawWebSocket client = a.open("?user=42");
        RawWebSocket other = b.open("?user=7");
        Posts posts = new Posts(b)) {
      await().until(() -> posts.accepted().size() >= 10);
      begins.run();
      long begun = System.nanoTime();
      await().pollInterval(Duration.ofMillis(10)).until(() -> posts.isRefused(begun));
      // of silence nothing tells but time; else what was written before the news came is under way
      long refusing = fault == Fault.PAUSED ? begun : System.nanoTime();
      for (TestServer server : List.of(a, b)) {
        await().atMost(RED).until(() -> server.get("/health/ready").statusCode() == 503);
        assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
      }
      try (RawWebSocket meanwhile = a.open("?user=9")) {
        LockSupport.parkNanos(begun + OUTAGE.toNanos() - System.nanoTime());
        long over = System.nanoTime();
        ends.run();
        for (TestServer server : List.of(a, b)) {
          await().atMost(GREEN).until(() -> server.get("/health/ready").statusCode() == 200);
        }
        long back = posts.accepted().size();
        await().until(() -> posts.accepted().size() >= back + 10);
        posts.end();
        post("{\"to\":{\"everyone\":true},\"text\":\"end\"}");
        List<String> got = textsUntilTheEnd(client);
        assertThat(got).as("what was accepted").containsAll(posts.accepted());
        assertThat(got).doesNotHaveDuplicates();
        assertThat(textsUntilTheEnd(other)).isEmpty();
        assertThat(textsUntilTheEnd(meanwhile)).isEmpty();
        List<Duration> longest = posts.assertRefused(refusing, over, IN_TIME, AT_ONCE);
        System.out.printf(
            "Broker %s: %d accepted and delivered; refused within %d ms, half of them within %d ms%n",
            fault, posts.accepted().size(), longest.get(0).toMillis(), longest.get(1).toMillis());
      }
    }
  }

  /** Fails if the server has closed the connection. */
  private static List<String> textsUntilTheEnd(RawWebSocket client) {
    List<String> texts = new ArrayList<>();
    for (String text = text(client); !text.equals("end"); text = text(client)) {
      texts.add(text);
    }
    return texts;
  }

  private static String text(RawWebSocket client) {
    RawWebSocket.Frame frame = client.next();
    assertThat(frame.opcode()).isEqualTo(RawWebSocket.TEXT);
    return frame.text();
  }

  private JsonNode post(String json) {
    HttpResponse<String> response = b.post("/v1/messages", json);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    return TestServer.json(response);
  }
}
