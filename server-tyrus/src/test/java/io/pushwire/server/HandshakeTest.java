package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is answered before, or instead of, a WebSocket. */
class HandshakeTest {
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/nothing,          404",
    "/,                 404",
    "/ws/,              404",
    "/v1/messages,      404",
    "/ws?user=,         400",
    "/ws?user=%00,      400",
    "/ws?user=%ff,      400",
    "/ws?user=a&user=b, 400",
    "/ws?topic=,        400",
    "/ws?user=%,        400"
  })
  void refusalsAreHttp(String path, int status) {
    String answer = server.raw(RawWebSocket.request(path, server.port(), "Connection: close\r\n"));

    assertThat(answer)
        .startsWith("HTTP/1.1 " + status + " ")
        .containsIgnoringCase("content-type: application/problem+json")
        .contains("\"detail\":");
  }

  @Test
  void anotherVersionOfTheProtocolIsRefused() {
    String request = RawWebSocket.request("/ws", server.port(), "Connection: close\r\n");

    assertThat(server.raw(request.replace("Version: 13", "Version: 7")))
        .startsWith("HTTP/1.1 426 ")
        .containsIgnoringCase("sec-websocket-version: 13");
  }

  @Test
  void aHandshakeWithoutKeyIsRefused() {
    String request = RawWebSocket.request("/ws", server.port(), "Connection: close\r\n");

    assertThat(server.raw(request.replaceAll("Sec-WebSocket-Key: .*\r\n", "")))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void aFullNodeAnswers503() {
    try (TestServer small = TestServer.start("limits.connections", "2");
        RawWebSocket first = small.open("?user=1");
        RawWebSocket second = small.open("")) {
      String answer = small.raw(RawWebSocket.request("/ws", small.port(), "Connection: close\r\n"));
      assertThat(answer)
          .startsWith("HTTP/1.1 503 ")
          .containsIgnoringCase("retry-after: 1")
          .contains("limits.connections");

      second.hangUp();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> small.server().node().registry().size() == 1);
      small.open("?user=3").hangUp();
      first.hangUp();
    }
  }
}
