package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Every answer of the API but the deliveries themselves. */
class HttpApiTest {
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start("message.max-size", "1000", "node.id", "node-1");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aMessageIsAnsweredWithTheReceipt() {
    HttpResponse<String> response =
        server.post("/v1/messages", "{'to':{'user':'nobody'},'text':'hi'}".replace('\'', '"'));

    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(response.headers().firstValue("cache-control")).contains("no-store");
    assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
    JsonNode receipt = TestServer.json(response);
    assertThat(receipt.get("id").asString()).hasSize(36);
    assertThat(receipt.get("status").asString()).isIn("accepted", "nobody");
    assertThat(receipt.get("whenOffline").asString()).isEqualTo("drop");
    assertThat(receipt.has("waiting")).isFalse();
  }

  @Test
  void severalTargetsAreCounted() {
    HttpResponse<String> response =
        server.post(
            "/v1/messages", "{\"text\":\"hi\",\"to\":{ \"users\" : [\"a\", \"b\", \"a\"]}}");

    assertThat(response.statusCode()).isEqualTo(202);
    JsonNode receipt = TestServer.json(response);
    assertThat(receipt.get("accepted").asInt() + receipt.get("nobody").asInt()).isEqualTo(2);
    assertThat(receipt.get("failed").asInt()).isZero();
    assertThat(receipt.has("failures")).isFalse();
  }

  @Test
  void theSameIdIsTheSameMessage() {
    String body = "{\"to\":{\"user\":\"1\"},\"text\":\"a\",\"id\":\"order-17\"}";

    assertThat(TestServer.json(server.post("/v1/messages", body)).get("id"))
        .isEqualTo(TestServer.json(server.post("/v1/messages", body)).get("id"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{                                              | The body is not valid JSON",
        "nonsense                                       | The body is not valid JSON",
        "[]                                             | The body must be a JSON object",
        "{} {}                                          | The body goes on after its JSON object",
        "{'text':'a'}                                   | 'to' is missing: say whom the message is for",
        "{'to':{},'text':'a'}                           | 'to' is an object with exactly one of",
        "{'to':{'user':'1','topic':'t'},'text':'a'}     | 'to' is an object with exactly one of",
        "{'to':{'user':'1'},'to':{'user':'2'},'text':'a'} | The body is not valid JSON",
        "{'to':'42','text':'a'}                         | 'to' is an object with exactly one of",
        "{'to':{'users':[]},'text':'a'}                 | 'users' names nobody",
        "{'to':{'user':''},'text':'a'}                  | A user id has 1 to 255 characters",
        "{'to':{'connection':'x'},'text':'a'}           | A connection id is",
        "{'to':{'node':'n'},'text':'a'}                 | 'to' is an object with exactly one of",
        "{'to':{'user':'1'}}                            | The payload is exactly one of",
        "{'to':{'user':'1'},'text':'a','json':1}        | The payload is exactly one of",
        "{'to':{'user':'1'},'text':7}                   | 'text' must be a string",
        "{'to':{'user':'1'},'text':'\\ud800'}           | The text has half a surrogate pair",
        "{'to':{'user':'1'},'base64':'%%'}              | 'base64' must be base64",
        "{'to':{'user':'1'},'text':'a','ttl':'60'}      | 'ttl' must be a number of seconds",
        "{'to':{'user':'1'},'text':'a','ttl':0}         | 'ttl' is a number of seconds from",
        "{'to':{'user':'1'},'text':'a','ttl':1e999999}  | 'ttl' is a number of seconds from",
        "{'to':{'user':'1'},'text':'a','whenOffline':'keep'} | 'whenOffline' is queue or drop",
        "{'to':{'user':'1'},'text':'a','except':'c'}    | 'except' must be an array of connection ids",
        "{'to':{'user':'1'},'text':'a','id':''}         | 'id' must have 1 to 255 characters",
        "{'to':{'user':'1'},'text':'a','prio':1}        | Unknown field; a message has to"
      })
  void whatIsNoMessageIsAnsweredWith400(String body, String detail) {
    HttpResponse<String> response = server.post("/v1/messages", body.replace('\'', '"'));

    assertProblem(response, 400, "Bad Request");
    assertThat(TestServer.json(response).get("detail").asString()).startsWith(detail);
  }

  @Test
  void aProblemNeverQuotesThePayload() {
    for (String body :
        new String[] {
          "{\"to\":{\"user\":\"1\"},\"text\":secretword}",
          "{\"to\":{\"user\":\"1\"},\"base64\":\"secretword!\"}",
          "{\"to\":{\"user\":\"1\"},\"text\":\"a\",\"secretword\":1}",
          "{\"to\":{\"user\":\"1\"},\"text\":\"secretword\",\"ttl\":1e99999999999}"
        }) {
      HttpResponse<String> response = server.post("/v1/messages", body);
      assertProblem(response, 400, "Bad Request");
      assertThat(response.body()).doesNotContain("secretword", "99999", "java");
    }
  }

  @Test
  void aPromiseThatCannotBeKeptIsRefused() {
    HttpResponse<String> response =
        server.post(
            "/v1/messages", "{\"to\":{\"user\":\"1\"},\"text\":\"a\",\"whenOffline\":\"queue\"}");

    assertProblem(response, 422, "Unprocessable Entity");
    assertThat(response.body()).contains("memory").contains("leave it out");
  }

  @Test
  void thePayloadsLimitCountsItsBytes() {
    String to = "{\"to\":{\"user\":\"1\"},\"text\":\"";
    assertThat(server.post("/v1/messages", to + "é".repeat(500) + "\"}").statusCode())
        .isEqualTo(202);
    assertThat(server.post("/v1/messages", to + "\\u0001".repeat(1000) + "\"}").statusCode())
        .isEqualTo(202);
    HttpResponse<String> response = server.post("/v1/messages", to + "é".repeat(501) + "\"}");

    assertProblem(response, 413, "Request Entity Too Large");
    assertThat(response.body()).contains("message.max-size allows 1000");
  }

  @Test
  void aRequestOverTheLimitIsAnsweredWith413() {
    HttpResponse<String> response = server.post("/v1/messages", "x".repeat(200_000));

    assertThat(response.statusCode()).isEqualTo(413);
  }

  @Test
  void aPostMustBeJson() {
    for (String type : new String[] {"text/plain", "application/x-www-form-urlencoded"}) {
      HttpResponse<String> response =
          server.send(
              HttpRequest.newBuilder(server.uri("/v1/messages"))
                  .header("Content-Type", type)
                  .POST(BodyPublishers.ofString("{}")));
      assertProblem(response, 415, "Unsupported Media Type");
    }
    HttpResponse<String> compressed =
        server.send(
            HttpRequest.newBuilder(server.uri("/v1/messages"))
                .header("Content-Type", "application/json; charset=utf-8")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString("{}")));
    assertProblem(compressed, 415, "Unsupported Media Type");
  }

  @ParameterizedTest
  @CsvSource({
    "/nothing",
    "/v1",
    "/v1/messages/",
    "/v1/users/",
    "/v1/users/a/b",
    "/..%2fio%2fpushwire%2fserver%2fcontrast.js"
  })
  void unknownPathsAreAnsweredWith404(String path) {
    assertProblem(server.get(path), 404, "Not Found");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET    | /v1/messages     | POST",
        "PUT    | /v1/messages     | POST",
        "DELETE | /v1/users/1      | GET, HEAD",
        "OPTIONS| /health/live     | GET, HEAD",
        "POST   | /v1/connections/a| DELETE"
      })
  void wrongMethodsAreAnsweredWith405(String method, String path, String allowed) {
    HttpResponse<String> response = server.call(method.strip(), path.strip());

    assertProblem(response, 405, "Method Not Allowed");
    assertThat(response.headers().firstValue("allow")).contains(allowed);
  }

  @Test
  void badEscapesInAPathAreAnsweredWith400() {
    for (String path :
        new String[] {"/v1/users/%zz", "/v1/users/%ff", "/v1/users/%", "/v1/users/%0a"}) {
      assertThat(server.rawGet(path, "Host: localhost:1\r\n")).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void aUserIsOnlineWhileHeHasAConnection() {
    String path = "/v1/users/J%C3%BCrgen%2F%F0%9F%98%80+1";
    assertThat(TestServer.json(server.get(path)).get("online").asBoolean()).isFalse();
    try (RawWebSocket one = server.open("?user=J%C3%BCrgen%2F%F0%9F%98%80%2B1")) {
      JsonNode user = TestServer.json(server.get(path));
      assertThat(user.get("user").asString()).isEqualTo("Jürgen/😀+1");
      assertThat(user.get("online").asBoolean()).isTrue();
      assertThat(user.get("connections").size()).isEqualTo(1);
      assertThat(user.get("connections").get(0).asString()).startsWith("node-1.");
      one.hangUp();
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !TestServer.json(server.get(path)).get("online").asBoolean());
  }

  @Test
  void nodesAreListed() {
    JsonNode nodes = TestServer.json(server.get("/v1/nodes")).get("nodes");

    assertThat(nodes.size()).isEqualTo(1);
    assertThat(nodes.get(0).get("id").asString()).isEqualTo("node-1");
    assertThat(nodes.get(0).get("incarnation").asString()).matches("[0-9a-z]+");
  }

  @Test
  void withoutRosterNobodyIsSaidToBeOnlineOrNot() {
    try (TestServer sender = TestServer.start("roster", "off")) {
      assertProblem(sender.get("/v1/users/1"), 409, "Conflict");
      HttpResponse<String> nodes = sender.get("/v1/nodes");
      assertProblem(nodes, 409, "Conflict");
      assertThat(nodes.body()).contains("roster=off");
    }
  }

  @Test
  void aConnectionIsClosedByACall() {
    try (RawWebSocket client = server.open("?user=closed")) {
      String id =
          TestServer.json(server.get("/v1/users/closed")).get("connections").get(0).asString();

      assertThat(server.call("DELETE", "/v1/connections/" + id).statusCode()).isEqualTo(204);
      RawWebSocket.Frame frame = client.next();
      assertThat(frame.opcode()).isEqualTo(RawWebSocket.CLOSE);
      assertThat(frame.closeCode()).isEqualTo(4409);
    }
    assertProblem(server.call("DELETE", "/v1/connections/node-1.0.0"), 404, "Not Found");
    assertProblem(server.call("DELETE", "/v1/connections/x"), 400, "Bad Request");
  }

  @Test
  void healthIsAsMicroProfileHasIt() {
    HttpResponse<String> live = server.get("/health/live");
    assertThat(live.statusCode()).isEqualTo(200);
    assertThat(live.body()).isEqualTo("{\"status\":\"UP\",\"checks\":[]}");
    // until the first probe has come back the link is not known to be up
    Awaitility.await().until(() -> server.get("/health/ready").statusCode() == 200);
    HttpResponse<String> ready = server.get("/health/ready");
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(ready.body().replaceAll("\"since\":\"[^\"]+\"", "\"since\":\"…\""))
        .isEqualTo(
            "{\"status\":\"UP\",\"checks\":["
                + "{\"name\":\"driver\",\"status\":\"UP\",\"data\":{\"driver\":\"memory\",\"since\":\"…\"}},"
                + "{\"name\":\"accepting\",\"status\":\"UP\",\"data\":{\"node\":\"node-1\"}}]}");
  }

  @Test
  void headSaysWhatGetWouldWithoutTheBody() {
    String head =
        server.raw("HEAD /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(head).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n");
    assertThat(head.toLowerCase(Locale.ROOT)).contains("content-length: 27\r\n");
  }

  static void assertProblem(HttpResponse<String> response, int status, String title) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
    JsonNode problem = TestServer.json(response);
    assertThat(problem.get("type").asString()).isEqualTo("about:blank");
    assertThat(problem.get("title").asString()).isEqualTo(title);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("detail").asString()).isNotBlank();
  }
}
