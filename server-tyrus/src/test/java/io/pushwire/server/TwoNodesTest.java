package io.pushwire.server;

import static io.pushwire.server.HttpApiTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Envelope;
import io.pushwire.core.PushwireNode;
import io.pushwire.core.Settings;
import io.pushwire.testkit.TestConnection;
import io.pushwire.testkit.TestLane;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What one node does for another one's connections. */
class TwoNodesTest {
  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @Test
  void aConnectionIsClosedOnWhicheverNodeItIs() {
    String[] joined = {"driver.memory.prefix", "two-nodes-close"};
    try (TestServer a = TestServer.start(joined);
        TestServer b = TestServer.start(joined);
        RawWebSocket client = a.open("?user=42");
        RawWebSocket other = a.open("?user=7")) {
      await().until(() -> TestServer.json(b.get("/v1/nodes")).get("nodes").size() == 2);
      await().until(() -> TestServer.json(b.get("/v1/users/42")).get("online").asBoolean());
      String id = TestServer.json(b.get("/v1/users/42")).get("connections").get(0).asString();

      assertThat(b.call("DELETE", "/v1/connections/" + id).statusCode()).isEqualTo(204);
      assertThat(client.next().closeCode()).isEqualTo(4409);
      client.hangUp();
      await().until(() -> b.call("DELETE", "/v1/connections/" + id).statusCode() == 404);
      String unknown = id.substring(0, id.lastIndexOf('.')) + ".zzz";
      assertProblem(b.call("DELETE", "/v1/connections/" + unknown), 404, "Not Found");
      assertProblem(b.call("DELETE", "/v1/connections/nowhere.1.1"), 404, "Not Found");

      a.post("/v1/messages", "{\"to\":{\"user\":\"7\"},\"text\":\"still here\"}");
      assertThat(other.next().text()).isEqualTo("still here");
    }
  }

  @Test
  void aNodeThatCannotBeAskedIsAnsweredWith503() {
    try (TestServer server = TestServer.start("driver", "moody", "roster", "off")) {
      assertProblem(
          server.call("DELETE", "/v1/connections/elsewhere.1.1"), 503, "Service Unavailable");
    }
  }

  @Test
  void aTraceGoesOnWhereTheMessageArrives() {
    List<Envelope> arrived = new CopyOnWriteArrayList<>();
    TestLane lane = new TestLane("two-nodes-trace");
    try (TestServer server = TestServer.start("driver.memory.prefix", "two-nodes-trace");
        PushwireNode embedded =
            PushwireNode.builder()
                .settings(
                    Settings.of(
                        Map.of("driver", "memory", "driver.memory.prefix", "two-nodes-trace")))
                .arrivals(arrived::add)
                .open();
        TestConnection connection = new TestConnection(embedded.registry(), "42", lane)) {
      embedded.registry().bind(connection).toCompletableFuture().join();
      server.send(
          HttpRequest.newBuilder(server.uri("/v1/messages"))
              .header("Content-Type", "application/json")
              .header("traceparent", PARENT)
              .header("tracestate", "rojo=1")
              .POST(BodyPublishers.ofString("{\"to\":{\"user\":\"42\"},\"text\":\"hi\"}")));

      connection.await("hi");
      assertThat(arrived).hasSize(1);
      assertThat(arrived.get(0).headers())
          .isEqualTo(Map.of("traceparent", PARENT, "tracestate", "rojo=1"));
    } finally {
      lane.close();
    }
  }
}
