package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Two servers on two ports, joined by a broker on one line of their settings. */
abstract class TwoServersContract {
  static final String MESSAGES = "/v1/messages";
  static final String TO_USER = "{\"to\":{\"user\":\"42\"},\"text\":\"%s\"}";
  static final String TO_EVERYONE = "{\"to\":{\"everyone\":true},\"text\":\"%s\"}";

  TestServer a;
  TestServer b;

  /** Returns the settings that lead to it, keys and values. */
  abstract String[] startBroker();

  abstract void stopBroker();

  @BeforeEach
  final void start() {
    String[] settings = startBroker();
    a = TestServer.start(settings);
    b = TestServer.start(settings);
  }

  @AfterEach
  final void stop() {
    a.close();
    b.close();
    stopBroker();
  }

  @Test
  void aClientOfOneGetsWhatIsPostedAtTheOther() {
    try (RawWebSocket client = a.open("?user=42&topic=orders");
        RawWebSocket other = b.open("?user=7")) {
      assertTaken(post(TO_USER.formatted("by user")));
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

      assertForeignIsHeard(client, other);
      // each got all of it once
      post(TO_EVERYONE.formatted("end"));
      assertThat(client.next().text()).isEqualTo("end");
      assertThat(other.next().text()).isEqualTo("end");
    }
  }

  /** What the receipt for a message to a user says who is online. */
  abstract void assertTaken(JsonNode receipt);

  /** A program that knows only the broker reaches who is meant: user 42, topic orders, or all. */
  abstract void assertForeignIsHeard(RawWebSocket client, RawWebSocket other);

  final JsonNode post(String json) {
    HttpResponse<String> response = b.post(MESSAGES, json);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    return TestServer.json(response);
  }

  final Duration assert503Within(Duration limit) {
    long begin = System.nanoTime();
    HttpResponse<String> response = b.post(MESSAGES, TO_USER.formatted("lost"));
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).isPresent();
    assertThat(took).isLessThan(limit);
    return took;
  }
}
