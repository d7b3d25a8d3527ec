package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a running server answers at {@code /metrics}. */
class MetricsTest {
  private static final Pattern LABEL = Pattern.compile("[{,]([a-z]+)=\"");

  private TestServer server = TestServer.start("driver.memory.prefix", "metrics");

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void connectionsAndUsersAreCounted() {
    List<RawWebSocket> clients =
        List.of(server.open("?user=42"), server.open("?user=42"), server.open(""));
    assertThat(value("pushwire_connections")).isEqualTo(3);
    assertThat(value("pushwire_users")).isEqualTo(1);

    clients.forEach(RawWebSocket::hangUp);
    await().until(() -> value("pushwire_connections") == 0);
    assertThat(value("pushwire_users")).isZero();
  }

  @Test
  void messagesAreCountedFromTheBrokerToTheSocket() {
    try (RawWebSocket one = server.open("?user=42");
        RawWebSocket two = server.open("?user=42")) {
      for (int i = 0; i < 5; i++) {
        post("{\"user\":\"42\"}");
        one.next();
        two.next();
      }
      String again = "{\"to\":{\"user\":\"42\"},\"text\":\"x\",\"id\":\"once\"}";
      server.post("/v1/messages", again);
      server.post("/v1/messages", again);
      await().until(() -> value("pushwire_delivery_seconds_count") == 12);
      assertThat(value("pushwire_messages_published_total")).isEqualTo(7);
      assertThat(value("pushwire_messages_delivered_total")).isEqualTo(12);
      await().until(() -> value("pushwire_messages_dropped_total{reason=\"duplicate\"}") == 1);
      assertThat(value("pushwire_messages_dropped_total{reason=\"slow-client\"}")).isZero();
      assertThat(value("pushwire_delivery_seconds_bucket{le=\"+Inf\"}")).isEqualTo(12);
      assertThat(value("pushwire_delivery_seconds_sum")).isLessThan(12 * 60.0);
      assertThat(value("pushwire_outbox_bytes")).isZero();
      assertThat(value("pushwire_interruptions_total")).isZero();
      assertThat(value("pushwire_stored_total")).isZero();
      assertThat(value("pushwire_dead_total")).isZero();
    }
  }

  @Test
  void aClientThatDoesNotReadShowsInTheOutboxAndInWhatIsDropped() {
    server.close();
    server = TestServer.start("connection.outbox-limit", "64 KiB", "message.max-size", "64 KiB");
    String message = "{\"to\":{\"user\":\"42\"},\"text\":\"" + "x".repeat(60_000) + "\"}";
    RawWebSocket deaf = server.open("?user=42");
    await()
        .until(
            () -> {
              server.post("/v1/messages", message);
              return value("pushwire_outbox_bytes") > 0;
            });
    await()
        .until(
            () -> {
              server.post("/v1/messages", message);
              return value("pushwire_messages_dropped_total{reason=\"slow-client\"}") > 0;
            });
    await().until(() -> value("pushwire_connections_closed_total{code=\"4408\"}") == 1);
    assertThat(value("pushwire_outbox_bytes")).isZero();
    deaf.close();
  }

  @Test
  void closesAreCountedByCode() {
    try (RawWebSocket client = server.open("?user=42")) {
      String id = TestServer.json(server.get("/v1/users/42")).get("connections").get(0).asString();
      server.call("DELETE", "/v1/connections/" + id);
      assertThat(client.next().closeCode()).isEqualTo(4409);
    }
    try (RawWebSocket client = server.open("")) {
      client.send(RawWebSocket.CLOSE, new byte[] {3456 >> 8, (byte) 3456});
      assertThat(client.next().opcode()).isEqualTo(RawWebSocket.CLOSE);
    }
    server.open("").hangUp();
    await().until(() -> value("pushwire_connections_closed_total{code=\"4409\"}") == 1);
    await().until(() -> value("pushwire_connections_closed_total{code=\"other\"}") == 1);
    await().until(() -> value("pushwire_connections_closed_total{code=\"1006\"}") == 1);
    assertThat(scrape()).doesNotContain("code=\"3456");
  }

  @Test
  void theDriversLinkIsMeasured() {
    await().until(() -> value("pushwire_driver_up") == 1);
    await().until(() -> value("pushwire_driver_round_trip_seconds") > 0);
    assertThat(value("pushwire_driver_round_trip_seconds")).isLessThan(60);
  }

  @Test
  void noLabelNamesAUserATopicOrAConnection() {
    try (RawWebSocket client = server.open("?user=secretuser&topic=secrettopic")) {
      String id =
          TestServer.json(server.get("/v1/users/secretuser")).get("connections").get(0).asString();
      post("{\"user\":\"secretuser\"}");
      post("{\"topic\":\"secrettopic\"}");
      post("{\"connection\":\"" + id + "\"}");
      client.next();
      client.next();
      client.next();
      assertThat(scrape()).doesNotContain("secret", id);
    }
    Set<String> labels = new TreeSet<>();
    scrape()
        .lines()
        .filter(line -> line.startsWith("pushwire_"))
        .forEach(line -> LABEL.matcher(line).results().forEach(m -> labels.add(m.group(1))));
    assertThat(labels).containsExactly("code", "le", "reason");
  }

  @Test
  void theFormatIsWhatPrometheusReads() {
    HttpResponse<String> response = server.get("/metrics");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertThat(response.body())
        .contains("# TYPE pushwire_connections gauge\n")
        .contains("# TYPE pushwire_messages_dropped_total counter\n")
        .contains("# TYPE pushwire_delivery_seconds histogram\n")
        .contains("# HELP pushwire_outbox_bytes ")
        .contains("jvm_memory_used_bytes{", "process_files_open_files ");
  }

  private void post(String to) {
    assertThat(server.post("/v1/messages", "{\"to\":" + to + ",\"text\":\"x\"}").statusCode())
        .isEqualTo(202);
  }

  private double value(String series) {
    Matcher matcher =
        Pattern.compile("^" + Pattern.quote(series) + " (\\S+)$", Pattern.MULTILINE)
            .matcher(scrape());
    assertThat(matcher.find()).as(series).isTrue();
    return Double.parseDouble(matcher.group(1));
  }

  private String scrape() {
    return server.get("/metrics").body();
  }
}
