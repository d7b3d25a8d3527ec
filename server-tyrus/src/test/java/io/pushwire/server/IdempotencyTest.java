package io.pushwire.server;

import static io.pushwire.server.HttpApiTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What becomes of a POST with an Idempotency-Key, and of its repeats. */
class IdempotencyTest {
  private static final String TO_42 = "{\"to\":{\"user\":\"42\"},\"text\":\"%s\"}";
  private static final String TO_LATER = "{\"to\":{\"user\":\"later\"},\"text\":\"a\"}";

  @Test
  void aRepeatGetsTheSameAnswerAndIsNotSent() {
    try (TestServer server = TestServer.start();
        RawWebSocket client = server.open("?user=42")) {
      HttpResponse<String> first = post(server, TO_42.formatted("once"), "k-1");
      HttpResponse<String> repeat = post(server, TO_42.formatted("once"), "k-1");
      HttpResponse<String> quoted = post(server, TO_42.formatted("once"), "\"k-1\"");

      assertThat(first.statusCode()).isEqualTo(202);
      assertThat(repeat.statusCode()).isEqualTo(202);
      assertThat(repeat.body()).isEqualTo(first.body()).isEqualTo(quoted.body());
      post(server, TO_42.formatted("other"), "k-2");
      assertThat(client.next().text()).isEqualTo("once");
      assertThat(client.next().text()).isEqualTo("other");
      assertThat(server.get("/metrics").body()).contains("pushwire_messages_published_total 2.0");
    }
  }

  @Test
  void throughAnotherNodeItIsSentAgainAndDroppedByTheReceiver() {
    String[] joined = {"driver.memory.prefix", "idempotency"};
    try (TestServer a = TestServer.start(joined);
        TestServer b = TestServer.start(joined);
        RawWebSocket client = a.open("?user=42")) {
      String first = TestServer.json(post(a, TO_42.formatted("once"), "k")).get("id").asString();
      String second = TestServer.json(post(b, TO_42.formatted("once"), "k")).get("id").asString();

      assertThat(second).isEqualTo(first);
      b.post("/v1/messages", TO_42.formatted("other"));
      assertThat(client.next().text()).isEqualTo("once");
      assertThat(client.next().text()).isEqualTo("other");
      assertThat(a.get("/metrics").body())
          .contains("pushwire_messages_dropped_total{reason=\"duplicate\"} 1.0");
    }
  }

  @Test
  void callersWithOtherKeysDoNotMeet() {
    try (TestServer server = TestServer.start()) {
      String one = TestServer.json(post(server, TO_42.formatted("a"), "k")).get("id").asString();
      HttpResponse<String> other =
          server.send(
              request(server, TO_42.formatted("b"), "k").header("Authorization", "Bearer x"));

      assertThat(other.statusCode()).isEqualTo(202);
      assertThat(TestServer.json(other).get("id").asString()).isNotEqualTo(one);
    }
  }

  @Test
  void whileTheFirstIsUnderWayARepeatIsAConflict() {
    try (TestServer server = TestServer.start("driver", "moody")) {
      CompletableFuture<HttpResponse<String>> first =
          CompletableFuture.supplyAsync(() -> post(server, TO_LATER, "k"));
      await().until(() -> !MoodyDriver.LATER.isEmpty());
      HttpResponse<String> repeat = post(server, TO_LATER, "k");
      assertProblem(repeat, 409, "Conflict");
      assertThat(repeat.headers().firstValue("retry-after")).contains("1");

      MoodyDriver.LATER.remove().complete(null);
      assertThat(first.join().statusCode()).isEqualTo(202);
      assertThat(post(server, TO_LATER, "k").body()).isEqualTo(first.join().body());
    }
  }

  @Test
  void theSameKeyForAnotherRequestIsRefused() {
    try (TestServer server = TestServer.start()) {
      post(server, TO_42.formatted("a"), "k");

      assertProblem(post(server, TO_42.formatted("b"), "k"), 422, "Unprocessable Entity");
      assertThat(post(server, TO_42.formatted("a"), "k").statusCode()).isEqualTo(202);
    }
  }

  @Test
  void whatFailedMayBeRepeated() {
    try (TestServer server = TestServer.start("driver", "moody")) {
      String some = "{\"to\":{\"users\":[\"1\",\"broken\"]},\"text\":\"a\"}";
      String none = "{\"to\":{\"user\":\"broken\"},\"text\":\"a\"}";
      String wrong = "{\"to\":{\"topic\":\"t\"},\"text\":\"a\",\"whenOffline\":\"queue\"}";
      for (int i = 0; i < 2; i++) {
        assertThat(post(server, some, "some").statusCode()).isEqualTo(202);
        assertThat(post(server, none, "none").statusCode()).isEqualTo(503);
        assertThat(post(server, wrong, "wrong").statusCode()).isEqualTo(422);
      }
      assertThat(post(server, TO_42.formatted("a"), "wrong").statusCode()).isEqualTo(202);
      assertThat(server.get("/metrics").body()).contains("pushwire_messages_published_total 3.0");
    }
  }

  @Test
  void whatIsNoKeyIsRefused() {
    try (TestServer server = TestServer.start()) {
      assertProblem(post(server, TO_42.formatted("a"), ""), 400, "Bad Request");
      assertProblem(post(server, TO_42.formatted("a"), "x".repeat(256)), 400, "Bad Request");
      String withId = "{\"to\":{\"user\":\"42\"},\"text\":\"a\",\"id\":\"7\"}";
      HttpResponse<String> both = post(server, withId, "k");
      assertProblem(both, 400, "Bad Request");
      assertThat(both.body()).contains("not both");
    }
  }

  private static HttpResponse<String> post(TestServer server, String body, String key) {
    return server.send(request(server, body, key));
  }

  private static HttpRequest.Builder request(TestServer server, String body, String key) {
    return HttpRequest.newBuilder(server.uri("/v1/messages"))
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", key)
        .POST(BodyPublishers.ofString(body));
  }
}
