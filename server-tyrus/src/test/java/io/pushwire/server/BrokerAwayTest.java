package io.pushwire.server;

import static io.pushwire.server.HttpApiTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushwire.api.PushwireException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What callers see of a broker: what it says, and that it is away. */
class BrokerAwayTest {
  private static final String TO_USER = "{\"to\":{\"user\":\"%s\"},\"text\":\"hi\"}";

  @Test
  void theReceiptTellsAllThatTheBrokerTells() {
    try (TestServer server = TestServer.start("driver", "moody")) {
      JsonNode receipt = TestServer.json(server.post("/v1/messages", TO_USER.formatted("42")));

      assertThat(receipt.get("status").asString()).isEqualTo("stored");
      assertThat(receipt.get("receivers").asInt()).isEqualTo(2);
      assertThat(receipt.get("waiting").asInt()).isEqualTo(7);
      assertThat(receipt.get("whenOffline").asString()).isEqualTo("queue");
    }
  }

  @Test
  void whatTheBrokerDoesNotTakeIsAnsweredWith503() {
    try (TestServer server = TestServer.start("driver", "moody")) {
      HttpResponse<String> response = server.post("/v1/messages", TO_USER.formatted("broken"));

      assertProblem(response, 503, "Service Unavailable");
      assertThat(response.headers().firstValue("retry-after")).contains("1");
      assertThat(response.body()).contains("Send it again").doesNotContain("secret");
    }
  }

  @Test
  void ofSeveralTargetsTheFailuresAreNamed() {
    try (TestServer server = TestServer.start("driver", "moody")) {
      HttpResponse<String> some =
          server.post(
              "/v1/messages", "{\"to\":{\"users\":[\"1\",\"broken 1\",\"2\"]},\"text\":\"hi\"}");
      assertThat(some.statusCode()).isEqualTo(202);
      assertThat(some.body())
          .endsWith(
              "\"accepted\":0,\"stored\":2,\"nobody\":0,\"failed\":1,"
                  + "\"failures\":[{\"user\":\"broken 1\"}]}");
      HttpResponse<String> none =
          server.post("/v1/messages", "{\"to\":{\"users\":[\"broken 1\"]},\"text\":\"hi\"}");
      assertProblem(none, 503, "Service Unavailable");
    }
  }

  @Test
  void queueingIsForUsersOnly() {
    try (TestServer server = TestServer.start("driver", "moody")) {
      HttpResponse<String> response =
          server.post(
              "/v1/messages",
              "{\"to\":{\"topic\":\"t\"},\"text\":\"hi\",\"whenOffline\":\"queue\"}");
      assertProblem(response, 422, "Unprocessable Entity");
    }
  }

  @Test
  void aSilentBrokerTurnsReadinessRedAndNothingElse() {
    try (TestServer server = TestServer.start("driver", "moody", "probe.interval", "50 ms");
        RawWebSocket client = server.open("?user=1&topic=t")) {
      Awaitility.await().until(() -> server.get("/health/ready").statusCode() == 200);
      assertThat(TestServer.json(server.get("/v1/users/1")).has("stale")).isFalse();
      server.post("/v1/messages", TO_USER.formatted("hush"));
      Awaitility.await().until(() -> server.get("/health/ready").statusCode() == 503);
      assertThat(server.get("/health/ready").body())
          .startsWith("{\"status\":\"DOWN\"")
          .contains("{\"name\":\"driver\",\"status\":\"DOWN\"");
      assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
      Awaitility.await().until(() -> TestServer.json(server.get("/v1/users/1")).has("stale"));
      client.hangUp();
    }
  }

  @Test
  void aServerThatCannotStartLeavesNothingBehind() {
    assertThatThrownBy(() -> TestServer.start("driver", "moody", "driver.moody.away", "true"))
        .isInstanceOf(PushwireException.class)
        .hasMessageContaining("start it first");
    try (TestServer server = TestServer.start()) {
      long threads = threads();
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(
                () ->
                    PushwireServer.start(
                        ServerConfig.of(Map.of("server.port", String.valueOf(server.port())))))
            .isInstanceOf(UncheckedIOException.class);
      }
      Awaitility.await().until(() -> threads() <= threads);
    }
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("pushwire"))
        .count();
  }
}
