package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A loopback address is no identity: what comes from elsewhere through it is refused. */
class GuardTest {
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
  @ValueSource(
      strings = {
        "Host: localhost\r\n",
        "Host: LOCALHOST:8080\r\n",
        "Host: 127.0.0.1\r\n",
        "Host: 127.9.8.7:1\r\n",
        "Host: [::1]:8080\r\n",
        "Host: localhost:8080\r\nOrigin: http://localhost:8080\r\n",
        "Host: localhost\r\nOrigin: http://localhost\r\n",
        "Host: [::1]:8080\r\nOrigin: http://[::1]:8080\r\n"
      })
  void whatComesFromThisMachineIsAnswered(String headers) {
    assertThat(server.rawGet("/v1/nodes", headers)).startsWith("HTTP/1.1 200 ");
    assertThat(server.raw(upgrade(headers))).startsWith("HTTP/1.1 400 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: example.org\r\n",
        "Host: 127.example.org\r\n",
        "Host: 127.0.0.1.example.org\r\n",
        "Host: 10.0.0.1\r\n",
        "Host: localhost.example.org:8080\r\n",
        "Host: localhost\r\nForwarded: for=1.2.3.4\r\n",
        "Host: localhost\r\nX-Forwarded-For: 1.2.3.4\r\n",
        "Host: localhost\r\nx-forwarded-PROTO: https\r\n",
        "Host: localhost\r\nOrigin: null\r\n",
        "Host: localhost\r\nOrigin: http://example.org\r\n",
        "Host: localhost\r\nOrigin: http://localhost:8081\r\n",
        "Host: localhost\r\nOrigin: https://localhost:80\r\n",
        "Host: localhost\r\nOrigin: http://127.0.0.1\r\n",
        "Host: localhost:8080\r\nOrigin: file://\r\n",
        "Host: localhost\r\nOrigin: http://localhost\r\nOrigin: http://example.org\r\n"
      })
  void whatComesFromElsewhereIsRefused(String headers) {
    for (String request :
        new String[] {
          "GET /v1/nodes HTTP/1.1\r\nConnection: close\r\n" + headers + "\r\n",
          "GET / HTTP/1.1\r\nConnection: close\r\n" + headers + "\r\n",
          upgrade(headers)
        }) {
      assertThat(server.raw(request))
          .startsWith("HTTP/1.1 403 ")
          .containsIgnoringCase("content-type: application/problem+json");
    }
  }

  /** RFC 9112, section 3.2. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Host:\r\n",
        "Host: a b\r\n",
        "Host: localhost\r\nHost: localhost\r\n",
        "Host: localhost@example.org\r\n",
      })
  void aRequestHasOneHost(String headers) {
    assertThat(server.rawGet("/v1/nodes", headers)).startsWith("HTTP/1.1 400 ");
    assertThat(server.raw(upgrade(headers))).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void anOldCheckOfALoadBalancerNeedsNoHost() {
    assertThat(server.raw("GET /health/ready HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    assertThat(server.raw("GET /health/ready HTTP/1.0\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n"))
        .startsWith("HTTP/1.1 403 ");
    assertThat(server.raw("GET /health/ready HTTP/1.0\r\nOrigin: http://localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 403 ");
    assertThat(server.raw("GET /health/ready HTTP/1.0\r\nHost: example.org\r\n\r\n"))
        .startsWith("HTTP/1.1 403 ");
  }

  @Test
  void aServerForEverybodyTakesEveryHostButNotEveryOrigin() {
    try (TestServer open = TestServer.start("server.host", "0.0.0.0", "auth.insecure", "true")) {
      assertThat(open.rawGet("/v1/nodes", "Host: example.org\r\n")).startsWith("HTTP/1.1 200 ");
      assertThat(open.rawGet("/v1/nodes", "Host: example.org:80\r\nOrigin: http://example.org\r\n"))
          .startsWith("HTTP/1.1 200 ");
      assertThat(open.rawGet("/v1/nodes", "Host: example.org\r\nOrigin: http://example.com\r\n"))
          .startsWith("HTTP/1.1 403 ");
    }
  }

  @Test
  void insecureOnLoopbackChangesNothing() {
    try (TestServer loopback = TestServer.start("auth.insecure", "true")) {
      assertThat(loopback.rawGet("/v1/nodes", "Host: example.org\r\n")).startsWith("HTTP/1.1 403 ");
    }
  }

  /** To a path of which the user's name is wrong: past the guard it is answered with 400. */
  private static String upgrade(String headers) {
    return "GET /ws?user= HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        + headers
        + "\r\n";
  }
}
