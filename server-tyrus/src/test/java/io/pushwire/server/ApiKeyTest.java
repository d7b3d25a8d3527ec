package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code api.key}: who calls the HTTP API. */
class ApiKeyTest {
  private static final String KEY = "0123456789-the-key-of-the-shop";
  private static TestServer server;

  @BeforeAll
  static void start() {
    server =
        TestServer.start(
            "server.host",
            "0.0.0.0",
            "auth",
            "jwt",
            "auth.jwt.secret",
            Tokens.SECRET,
            "api.key",
            KEY);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> post(String authorization) {
    return server.send(
        HttpRequest.newBuilder(server.uri("/v1/messages"))
            .header("Content-Type", "application/json")
            .header("Authorization", authorization)
            .POST(BodyPublishers.ofString("{\"to\":{\"user\":\"ann\"},\"text\":\"hi\"}")));
  }

  @Test
  void withTheKeyTheApiAnswers() {
    try (RawWebSocket ann = server.open("?token=" + Tokens.signed(Tokens.of("ann")))) {
      assertThat(post("Bearer " + KEY).statusCode()).isEqualTo(202);
      assertThat(ann.next().text()).isEqualTo("hi");
      assertThat(post("bearer   " + KEY).statusCode()).isEqualTo(202);
    }
    for (String path : new String[] {"/v1/nodes", "/v1/users/ann"}) {
      assertThat(
              server.rawGet(
                  path, "Host: push.example.org\r\nAuthorization: Bearer " + KEY + "\r\n"))
          .startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void withTheKeyProxiesAreFine() {
    assertThat(
            server.rawGet(
                "/v1/nodes",
                "Host: push.example.org\r\nX-Forwarded-For: 1.2.3.4\r\nAuthorization: Bearer "
                    + KEY
                    + "\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Authorization: Bearer\r\n",
        "Authorization: Bearer \r\n",
        "Authorization: Bearer 0123456789-the-key-of-the-shoq\r\n",
        "Authorization: Bearer 0123456789-the-key-of-the-sho\r\n",
        "Authorization: Bearer 0123456789-the-key-of-the-shop2\r\n",
        "Authorization: Bearer 0123456789-THE-KEY-OF-THE-SHOP\r\n",
        "Authorization: Basic 0123456789-the-key-of-the-shop\r\n",
        "Authorization: 0123456789-the-key-of-the-shop\r\n",
        "X-Api-Key: 0123456789-the-key-of-the-shop\r\n",
        "Authorization: Bearer 0123456789-the-key-of-the-shop\r\nAuthorization: Bearer x\r\n",
      })
  void withoutItNothingIsAnsweredOrDone(String headers) {
    String more = "Host: push.example.org\r\nConnection: close\r\n" + headers;
    for (String request :
        new String[] {
          "GET /v1/nodes HTTP/1.1\r\n" + more + "\r\n",
          "GET /metrics HTTP/1.1\r\n" + more + "\r\n",
          "GET /v1/users/ann HTTP/1.1\r\n" + more + "\r\n",
          "DELETE /v1/connections/n.1.1 HTTP/1.1\r\n" + more + "\r\n",
          "POST /v1/messages HTTP/1.1\r\nContent-Length: 2\r\n" + more + "\r\n{}",
        }) {
      assertThat(server.raw(request))
          .startsWith("HTTP/1.1 401 ")
          .containsIgnoringCase("www-authenticate: Bearer realm=\"pushwire\"\r\n")
          .containsIgnoringCase("content-type: application/problem+json")
          .doesNotContain("0123456789");
    }
  }

  /** Else strangers could fill the memory, up to the largest body on each socket. */
  @Test
  void withoutItNoBodyIsTaken() {
    String head = "POST /v1/messages HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n";
    for (String length : new String[] {"Content-Length: 100000", "Transfer-Encoding: chunked"}) {
      assertThat(server.rawHead(head + length + "\r\n\r\n")).startsWith("HTTP/1.1 401 ");
      assertThat(server.rawHead(head + length + "\r\nExpect: 100-continue\r\n\r\n"))
          .startsWith("HTTP/1.1 401 ");
      assertThat(server.rawHead(head + length + "\r\nUpgrade: websocket\r\n\r\n"))
          .startsWith("HTTP/1.1 40");
    }
    for (String open : new String[] {"/health/live", "/health/ready", "/openapi.json"}) {
      String get = "GET " + open + " HTTP/1.1\r\nHost: h\r\n";
      for (String length : new String[] {"Content-Length: 100000", "Transfer-Encoding: chunked"}) {
        assertThat(server.rawHead(get + length + "\r\n\r\n")).startsWith("HTTP/1.1 400 ");
      }
    }
    String withKey = head + "Authorization: Bearer " + KEY + "\r\nContent-Length: 9\r\n";
    assertThat(server.rawHead(withKey + "Expect: 100-continue\r\n\r\n"))
        .startsWith("HTTP/1.1 100 ");
  }

  @Test
  void theQueryIsNoPlaceForAKey() {
    assertThat(server.rawGet("/v1/nodes?key=" + KEY + "&token=" + KEY, "Host: h\r\n"))
        .startsWith("HTTP/1.1 401 ");
  }

  @Test
  void aUsersTokenIsNoKeyAndTheKeyIsNoToken() {
    assertThat(post("Bearer " + Tokens.signed(Tokens.of("ann"))).statusCode()).isEqualTo(401);
    assertThat(server.refusal("", "Authorization: Bearer " + KEY + "\r\n"))
        .startsWith("HTTP/1.1 401 ");
  }

  @Test
  void healthAndTheContractAreForEverybody() {
    for (String path : new String[] {"/health/live", "/health/ready", "/openapi.json"}) {
      assertThat(server.rawGet(path, "Host: 10.1.2.3:8080\r\n")).startsWith("HTTP/1.1 200 ");
    }
  }

  /** It may come through any address, but no page of a browser has business with it. */
  @Test
  void pagesOfOtherSitesAreRefusedWithTheKeyToo() {
    String headers = "Host: push.example.org\r\nAuthorization: Bearer " + KEY + "\r\nOrigin: ";

    assertThat(server.rawGet("/v1/nodes", headers + "https://example.com\r\n"))
        .startsWith("HTTP/1.1 403 ");
    assertThat(server.rawGet("/v1/nodes", headers + "https://push.example.org\r\n"))
        .startsWith("HTTP/1.1 200 ")
        .doesNotContainIgnoringCase("access-control");
    assertThat(
            server.raw(
                "OPTIONS /v1/messages HTTP/1.1\r\nConnection: close\r\nAccess-Control-Request-Method: POST\r\n"
                    + headers
                    + "https://push.example.org\r\n\r\n"))
        .startsWith("HTTP/1.1 405 ")
        .doesNotContainIgnoringCase("access-control");
  }

  @Test
  void onLoopbackWithoutAKeyOnlyThisMachineIsAnswered() {
    try (TestServer here = TestServer.start("auth", "jwt", "auth.jwt.secret", Tokens.SECRET)) {
      assertThat(here.rawGet("/v1/nodes", "Host: localhost\r\n")).startsWith("HTTP/1.1 200 ");
      assertThat(here.rawGet("/v1/nodes", "Host: localhost\r\nForwarded: for=1.2.3.4\r\n"))
          .startsWith("HTTP/1.1 403 ")
          .contains("without api.key");
      assertThat(here.rawGet("/v1/nodes", "Host: example.org\r\n"))
          .startsWith("HTTP/1.1 403 ")
          .contains("without api.key");
    }
  }

  @Test
  void aKeyMayBeAskedForOnLoopbackToo() {
    try (TestServer here = TestServer.start("api.key", KEY)) {
      assertThat(here.rawGet("/v1/nodes", "Host: localhost\r\n")).startsWith("HTTP/1.1 401 ");
      here.open("?user=ann").close();
      assertThat(here.get("/").statusCode()).isEqualTo(404);
    }
  }
}
