package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code /openapi.json} and the server say the same, both ways. */
class OpenApiTest {
  private static final String PATH = "/openapi.json";
  private static final String ID = "https://pushwire.invalid" + PATH;

  private static TestServer server;
  private static TestServer withoutRoster;
  private static TestServer keyed;
  private static TestServer moody;
  private static JsonNode document;
  private static SchemaRegistry schemas;

  @BeforeAll
  static void start() {
    server = TestServer.start("message.max-size", "1000", "node.id", "n1");
    withoutRoster = TestServer.start("roster", "off");
    keyed = TestServer.start("api.key", "key");
    moody = TestServer.start("driver", "moody", "roster", "off");
    String text = server.get(PATH).body();
    document = new JsonMapper().readTree(text);
    schemas =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(ID, text)));
  }

  @AfterAll
  static void stop() {
    server.close();
    withoutRoster.close();
    keyed.close();
    moody.close();
  }

  @Test
  void everyRouteIsInTheDocumentAndNothingElse() {
    Set<String> documented = new TreeSet<>();
    document
        .get("paths")
        .forEachEntry(
            (path, operations) ->
                operations
                    .propertyNames()
                    .forEach(
                        method ->
                            documented.add(
                                method.toUpperCase(Locale.ROOT)
                                    + " "
                                    + path.replaceAll("\\{[a-z]+}", "{}"))));
    Set<String> routes = new TreeSet<>(server.server().routes());
    // the demo page's own, which no program should call
    routes.removeIf(route -> route.contains(" /demo/") || route.contains(" /pay/"));
    // the transport's
    routes.add("GET /ws");
    assertThat(documented).isEqualTo(routes);
  }

  @Test
  void everyExampleOfAMessageIsOneAndIsTaken() {
    JsonNode message =
        document.at("/paths/~1v1~1messages/post/requestBody/content").iterator().next();
    List<String> examples = new ArrayList<>();
    message.get("examples").forEach(example -> examples.add(example.get("value").toString()));
    assertThat(examples).hasSizeGreaterThanOrEqualTo(5);
    for (String example : examples) {
      assertThat(problems("/components/schemas/Message", example)).isEmpty();
      assertThat(server.post("/v1/messages", example).statusCode()).as(example).isEqualTo(202);
    }
  }

  @ParameterizedTest
  @MethodSource("wrongMessages")
  void whatTheDocumentRefusesTheServerRefuses(String body) {
    assertThat(problems("/components/schemas/Message", body)).isNotEmpty();
    assertThat(server.post("/v1/messages", body).statusCode()).isEqualTo(400);
  }

  static Stream<String> wrongMessages() {
    return Stream.of(
            "{}",
            "{'to':{'user':'1'}}",
            "{'text':'a'}",
            "{'to':{},'text':'a'}",
            "{'to':{'users':[]},'text':'a'}",
            "{'to':{'everyone':false},'text':'a'}",
            "{'to':{'connection':'x'},'text':'a'}",
            "{'to':{'user':'1','topic':'t'},'text':'a'}",
            "{'to':{'user':'1'},'text':'a','json':1}",
            "{'to':{'user':'1'},'text':7}",
            "{'to':{'user':'1'},'text':'a','ttl':0}",
            "{'to':{'user':'1'},'text':'a','ttl':'60'}",
            "{'to':{'user':'1'},'text':'a','whenOffline':'keep'}",
            "{'to':{'user':'1'},'text':'a','except':'c'}",
            "{'to':{'user':'1'},'text':'a','prio':1}")
        .map(text -> text.replace('\'', '"'));
  }

  /** An operation as the document names it, how to call it, and what it answers. */
  private record Call(String method, String path, int status, HttpResponse<String> response) {
    @Override
    public String toString() {
      return method + " " + path + " " + status;
    }
  }

  static Stream<Call> calls() {
    String message = "{\"to\":{\"user\":\"%s\"},\"text\":\"a\"%s}";
    String users = "{\"to\":{\"users\":[\"1\",\"broken\"]},\"text\":\"a\"}";
    return Stream.of(
        post(202, server.post("/v1/messages", message.formatted("1", ""))),
        post(202, moody.post("/v1/messages", message.formatted("1", ""))),
        post(202, moody.post("/v1/messages", users)),
        post(401, keyed.post("/v1/messages", message.formatted("1", ""))),
        post(403, stranger("POST", "/v1/messages")),
        post(400, server.post("/v1/messages", "{")),
        post(
            413,
            server.post(
                "/v1/messages", message.replace("a\"", "a".repeat(1001) + '"').formatted("1", ""))),
        post(415, server.call("POST", "/v1/messages")),
        post(
            422, server.post("/v1/messages", message.formatted("1", ",\"whenOffline\":\"queue\""))),
        post(503, moody.post("/v1/messages", message.formatted("broken", ""))),
        get("/v1/users/{user}", 200, server.get("/v1/users/42")),
        get("/v1/users/{user}", 400, server.get("/v1/users/%0A")),
        get("/v1/users/{user}", 409, withoutRoster.get("/v1/users/42")),
        get("/v1/nodes", 200, server.get("/v1/nodes")),
        get("/v1/users/{user}", 401, keyed.get("/v1/users/42")),
        get("/v1/users/{user}", 403, stranger("GET", "/v1/users/42")),
        get("/v1/nodes", 401, keyed.get("/v1/nodes")),
        get("/v1/nodes", 403, stranger("GET", "/v1/nodes")),
        get("/v1/nodes", 409, withoutRoster.get("/v1/nodes")),
        delete(204, close()),
        delete(400, server.call("DELETE", "/v1/connections/x")),
        delete(401, keyed.call("DELETE", "/v1/connections/n2.1.1")),
        delete(403, stranger("DELETE", "/v1/connections/n2.1.1")),
        delete(404, server.call("DELETE", "/v1/connections/n2.1.1")),
        delete(503, moody.call("DELETE", "/v1/connections/n2.1.1")),
        get("/health/live", 200, server.get("/health/live")),
        get("/health/ready", 200, ready()),
        get("/health/live", 200, keyed.get("/health/live")),
        get("/health/live", 403, stranger("GET", "/health/live")),
        get("/health/ready", 403, stranger("GET", "/health/ready")),
        get("/metrics", 401, keyed.get("/metrics")),
        get("/metrics", 403, stranger("GET", "/metrics")),
        get(PATH, 200, keyed.get(PATH)),
        get(PATH, 403, stranger("GET", PATH)),
        get("/metrics", 200, server.get("/metrics")),
        get(PATH, 200, server.get(PATH)));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void everyOperationAnswersAsDocumented(Call call) {
    assertThat(call.response.statusCode()).as(call.response.body()).isEqualTo(call.status);
    String operation =
        "/paths/" + call.path.replace("/", "~1") + "/" + call.method + "/responses/" + call.status;
    JsonNode response = document.at(operation);
    if (response.has("$ref")) {
      operation = response.get("$ref").asString().substring(1);
      response = document.at(operation);
    }
    assertThat(response.isMissingNode()).as(operation).isFalse();
    assertHeaders(response, call.response);
    if (!response.has("content")) {
      assertThat(call.response.body()).isEmpty();
      return;
    }
    String type = response.get("content").propertyNames().iterator().next();
    assertThat(call.response.headers().firstValue("content-type").orElse("")).startsWith(type);
    if (type.endsWith("json")) {
      String schema = operation + "/content/" + type.replace("/", "~1") + "/schema";
      assertThat(problems(schema, call.response.body())).isEmpty();
    }
  }

  private static void assertHeaders(JsonNode documented, HttpResponse<String> response) {
    if (documented.has("headers")) {
      for (String name : documented.get("headers").propertyNames()) {
        assertThat(response.headers().firstValue(name)).as(name).isPresent();
      }
    }
  }

  private static List<String> problems(String schema, String json) {
    Schema found = schemas.getSchema(SchemaLocation.of(ID + "#" + schema));
    return found.validate(json, InputFormat.JSON).stream()
        .map(Object::toString)
        .collect(Collectors.toList());
  }

  private static HttpResponse<String> close() {
    try (RawWebSocket client = server.open("?user=closed")) {
      String id =
          TestServer.json(server.get("/v1/users/closed")).get("connections").get(0).asString();
      HttpResponse<String> response = server.call("DELETE", "/v1/connections/" + id);
      assertThat(client.next().closeCode()).isEqualTo(4409);
      return response;
    }
  }

  /** A call by a page of another site. */
  private static HttpResponse<String> stranger(String method, String path) {
    return server.send(
        HttpRequest.newBuilder(server.uri(path))
            .header("Origin", "https://example.org")
            .method(method, BodyPublishers.noBody()));
  }

  private static HttpResponse<String> ready() {
    Awaitility.await().until(() -> server.get("/health/ready").statusCode() == 200);
    return server.get("/health/ready");
  }

  private static Call post(int status, HttpResponse<String> response) {
    return new Call("post", "/v1/messages", status, response);
  }

  private static Call delete(int status, HttpResponse<String> response) {
    return new Call("delete", "/v1/connections/{connection}", status, response);
  }

  private static Call get(String path, int status, HttpResponse<String> response) {
    return new Call("get", path, status, response);
  }
}
