package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.testkit.RabbitMqServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Two servers on two ports, joined by RabbitMQ on one line of their settings. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoServersRabbitMqIT extends TwoServersContract {
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

  @Override
  String[] startBroker() {
    return new String[] {"driver", "rabbitmq", "driver.rabbitmq.uri", rabbit.uri()};
  }

  /** It serves all the tests. */
  @Override
  void stopBroker() {}

  @AfterAll
  void end() {
    rabbit.close();
  }

  @Override
  void assertTaken(JsonNode receipt) {
    assertThat(receipt.get("status").asString()).isEqualTo("accepted");
  }

  @Override
  void assertForeignIsHeard(RawWebSocket client, RawWebSocket other) {
    rabbit.publish("", "ws.notice", "by amqp-publish".getBytes(StandardCharsets.UTF_8));
    assertThat(client.next().text()).isEqualTo("by amqp-publish");
    assertThat(other.next().text()).isEqualTo("by amqp-publish");
  }

  @Test
  void whatIsToWaitIsRefused() {
    HttpResponse<String> response =
        a.post(MESSAGES, "{\"to\":{\"user\":\"42\"},\"text\":\"x\",\"whenOffline\":\"queue\"}");
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
        post(TO_EVERYONE.formatted("end"));
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
}
