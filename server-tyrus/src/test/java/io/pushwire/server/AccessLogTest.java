package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pushwire.server.observe.AccessLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a running server writes about requests and connections. */
class AccessLogTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private final Logger logger = (Logger) LoggerFactory.getLogger(AccessLog.LOGGER);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setLevel(null);
  }

  @Test
  void aRequestIsALine() {
    try (TestServer server = TestServer.start("log.access", "true")) {
      HttpResponse<String> response =
          server.send(
              HttpRequest.newBuilder(server.uri("/v1/users/42?token=secret"))
                  .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
                  .header("Authorization", "Bearer secret"));
      Map<String, Object> line = line(0);

      assertThat(line)
          .containsEntry("event", "request")
          .containsEntry("client", "127.0.0.1")
          .containsEntry("method", "GET")
          .containsEntry("path", "/v1/users/42")
          .containsEntry("status", 200)
          .containsEntry("bytes", response.body().length())
          .containsEntry("trace", TRACE);
      assertThat((Double) line.get("ms")).isBetween(0.0, 60_000.0);
      assertThat(lines.list.get(0).getFormattedMessage())
          .matches("127\\.0\\.0\\.1 GET /v1/users/42 200 \\d+ bytes [0-9.]+ ms");
      assertThat(lines.list.toString() + line).doesNotContain("secret");
    }
  }

  @Test
  void aWebSocketIsALineWhenItOpensAndOneWhenItCloses() {
    try (TestServer server = TestServer.start("log.access", "true")) {
      RawWebSocket client = server.open("?user=42&topic=secrettopic&token=secret");
      client.say("secret");
      Map<String, Object> open = line(0);
      assertThat(open)
          .containsEntry("event", "open")
          .containsEntry("path", "/ws")
          .containsEntry("status", 101)
          .containsEntry("user", "42");
      assertThat(open.get("connection").toString()).contains(".");

      client.hangUp();
      assertThat(line(1))
          .containsEntry("event", "close")
          .containsEntry("code", 1006)
          .containsEntry("user", "42")
          .containsEntry("connection", open.get("connection"));
      assertThat(lines.list.toString()).doesNotContain("secret");
    }
  }

  @Test
  void whatIsRefusedIsALineToo() {
    try (TestServer server = TestServer.start("log.access", "true")) {
      server.raw(
          RawWebSocket.request("/nothing?token=secret", server.port(), "Connection: close\r\n"));
      assertThat(line(0)).containsEntry("path", "/nothing").containsEntry("status", 404);
      server.raw(
          "GET http://me:secret@127.0.0.1/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(line(1)).containsEntry("path", "-").containsEntry("method", "GET");
      server.raw("secret\r\n\r\n");
      assertThat(line(2))
          .containsEntry("method", "-")
          .containsEntry("path", "-")
          .containsEntry("status", 400);
      assertThat(lines.list.toString()).doesNotContain("secret");
    }
  }

  @Test
  void nobodyOutsideBeginsALineOfHisOwn() {
    try (TestServer server = TestServer.start("log.access", "true")) {
      server.rawGet("/a\u0001\u0085b", "Host: localhost\r\n");
      assertThat(line(0).get("path").toString()).doesNotContainPattern("\\p{Cntrl}");
    }
  }

  @Test
  void nothingIsWrittenUnlessItIsAskedFor() {
    try (TestServer server = TestServer.start()) {
      server.get("/health/live");
      server.open("").hangUp();
      await()
          .until(() -> server.get("/metrics").body().contains("closed_total{code=\"1006\"} 1.0"));
      assertThat(lines.list).isEmpty();
    }
  }

  @Test
  void linesAreTextUnlessTheyAreToBeJson() {
    try (Program program =
        Program.start(Map.of(), "--set=server.port=0", "--set=log.access=true")) {
      call(program.port());
      program.awaitErr("INFO  access: 127.0.0.1 GET /v1/users/42 200 ");
    }
  }

  @Test
  void asJsonEveryLineIsAnObject() {
    try (Program program =
        Program.start(
            Map.of("PUSHWIRE_LOG_FORMAT", "json", "PUSHWIRE_UNKNOWN", "1"),
            "--set=server.port=0",
            "--set=log.access=true")) {
      call(program.port());
      program.awaitErr("\"pushwire.access\"");
      await().until(() -> program.err().endsWith("\n"));
      List<JsonNode> all = program.err().lines().map(new JsonMapper()::readTree).toList();
      assertThat(all)
          .allSatisfy(
              line ->
                  assertThat(line.propertyNames())
                      .contains("time", "level", "logger", "thread", "message")
                      .doesNotContain("log.format"));
      assertThat(all.get(0).get("message").asString()).contains("PUSHWIRE_UNKNOWN");
      JsonNode access = all.get(all.size() - 1);
      assertThat(access.get("path").asString()).isEqualTo("/v1/users/42");
      assertThat(access.get("status").asInt()).isEqualTo(200);
      assertThat(program.err()).doesNotContain("secret");
    }
  }

  private static void call(int port) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket
          .getOutputStream()
          .write(
              "GET /v1/users/42?token=secret HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Object> line(int index) {
    await().until(() -> lines.list.size() > index);
    Map<String, Object> fields = new LinkedHashMap<>();
    lines.list.get(index).getKeyValuePairs().forEach(pair -> fields.put(pair.key, pair.value));
    return fields;
  }
}
