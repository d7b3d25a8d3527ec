package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One table of all that can be wrong with a request: each is a problem as RFC 9457 has it. */
class ProblemsTest {
  private static final String[] PLAIN = {"message.max-size", "1000"};
  private static final String[] KEY = {"api.key", "key"};
  private static final String[] JWT = {"auth", "jwt", "auth.jwt.secret", Tokens.SECRET};
  private static final String[] NO_ROSTER = {"roster", "off"};
  private static final String[] FULL = {"limits.connections", "1"};
  private static final String[] BUSY = {"limits.connections-per-user", "1"};
  private static final String[] MOODY = {"driver", "moody"};

  static Stream<Arguments> wrong() {
    return Stream.of(
        row(PLAIN, 400, "", post("{")),
        row(PLAIN, 400, "", get("/v1/users/%zz", "")),
        row(PLAIN, 400, "", server -> "GET  HTTP/1.1\r\n\r\n"),
        row(KEY, 401, "www-authenticate: bearer", get("/v1/nodes", "")),
        row(KEY, 401, "www-authenticate: bearer", get("/v1/nodes", "Authorization: Bearer no\r\n")),
        row(JWT, 401, "www-authenticate: bearer", open("/ws", "")),
        row(JWT, 403, "", open("/ws?topic=t&token=" + Tokens.signed(Tokens.of("42", "u")), "")),
        row(PLAIN, 403, "", get("/v1/nodes", "Origin: https://example.org\r\n")),
        row(PLAIN, 403, "", get("/v1/nodes", "X-Forwarded-For: 1.2.3.4\r\n")),
        row(PLAIN, 404, "", get("/nothing", "")),
        row(PLAIN, 404, "", open("/nothing", "")),
        row(PLAIN, 404, "", server -> request("DELETE", "/v1/connections/n.1.1", "", "")),
        row(PLAIN, 405, "allow: post", get("/v1/messages", "")),
        row(NO_ROSTER, 409, "", get("/v1/nodes", "")),
        row(PLAIN, 413, "", post(message("x".repeat(1001), ""))),
        row(PLAIN, 413, "", post("x".repeat(100_000))),
        row(
            PLAIN,
            415,
            "",
            server -> request("POST", "/v1/messages", "Content-Type: text/plain\r\n", "{}")),
        row(PLAIN, 422, "", post(message("x", ",\"whenOffline\":\"queue\""))),
        row(BUSY, 429, "retry-after: ", open("/ws?user=42", "")),
        row(FULL, 503, "retry-after: ", open("/ws?user=42", "")),
        row(MOODY, 503, "retry-after: ", post(message("x", "").replace("42", "broken"))));
  }

  @ParameterizedTest(name = "{1} {index}")
  @MethodSource("wrong")
  void whatIsWrongIsAProblem(
      String[] settings, int status, String header, Function<TestServer, String> request) {
    try (TestServer server = TestServer.start(settings)) {
      if (status == 429 || settings == FULL) {
        server.open("?user=42");
      }
      String answer = server.raw(request.apply(server));
      int end = answer.indexOf("\r\n\r\n");
      String head = answer.substring(0, end).toLowerCase(Locale.ROOT) + "\r\n";

      assertThat(head).startsWith("http/1.1 " + status + " ").contains("\r\n" + header);
      assertThat(head).contains("\r\ncontent-type: application/problem+json\r\n");
      JsonNode problem = new JsonMapper().readTree(answer.substring(end));
      assertThat(problem.get("type").asString()).isEqualTo("about:blank");
      assertThat(problem.get("title").asString()).isNotBlank();
      assertThat(problem.get("status").asInt()).isEqualTo(status);
      assertThat(problem.get("detail").asString()).isNotBlank();
    }
  }

  private static Arguments row(
      String[] settings, int status, String header, Function<TestServer, String> request) {
    return Arguments.of(settings, status, header, request);
  }

  private static Function<TestServer, String> post(String body) {
    return server -> request("POST", "/v1/messages", "Content-Type: application/json\r\n", body);
  }

  private static Function<TestServer, String> get(String path, String headers) {
    return server -> request("GET", path, headers, "");
  }

  private static Function<TestServer, String> open(String path, String headers) {
    return server -> RawWebSocket.request(path, server.port(), headers + "Connection: close\r\n");
  }

  private static String request(String method, String path, String headers, String body) {
    return "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n%s"
        .formatted(method, path, body.length(), headers, body);
  }

  private static String message(String text, String more) {
    return "{\"to\":{\"user\":\"42\"},\"text\":\"" + text + "\"" + more + "}";
  }
}
