package io.pushwire.server.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.pushwire.server.transport.RawClient.Answer;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@EnumSource(IoKind.class)
class HttpTest {
  private static final int MAX_BODY = 100_000;

  @Parameter IoKind io;

  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(io, config -> config.maxHttpBody(MAX_BODY), registry -> registry);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }

  private static String post(String path, String body, String... headers) {
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n%s\r\n%s"
        .formatted(path, body.length(), more, body);
  }

  @Test
  void answersSeveralRequestsOnOneSocket() throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      assertThat(client.send(post("/a", "one")).readAnswer().body()).isEqualTo("POST /a one");
      assertThat(client.send(get("/b")).readAnswer().body()).isEqualTo("GET /b ");
    }
  }

  @Test
  void answersPipelinedRequestsInTheirOrder() throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      client.send(get("/later/1") + get("/now/2") + post("/later/3", "x") + get("/now/4"));
      await().until(() -> server.answers.containsKey("/later/3"));
      server.answers.get("/later/3").complete("three");
      assertThat(client.in().available()).isZero();
      server.answers.get("/later/1").complete("one");

      assertThat(client.readAnswer().body()).isEqualTo("one");
      assertThat(client.readAnswer().body()).isEqualTo("GET /now/2 ");
      assertThat(client.readAnswer().body()).isEqualTo("three");
      assertThat(client.readAnswer().body()).isEqualTo("GET /now/4 ");
    }
  }

  @Test
  void hasABoundedNumberOfRequestsUnderWay() throws Exception {
    int requests = 200;
    try (RawClient client = new RawClient(server.port)) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < requests; i++) {
        all.append(get("/later/" + i));
      }
      client.send(all.toString());
      for (int i = 0; i < requests; i++) {
        String path = "/later/" + i;
        await()
            .pollInterval(1, TimeUnit.MILLISECONDS)
            .until(() -> server.answers.containsKey(path));
        assertThat(server.answers).hasSizeLessThanOrEqualTo(i + HttpServerHandler.MAX_UNDER_WAY);
        server.answers.get(path).complete("answer " + i);
        assertThat(client.readAnswer().body()).isEqualTo("answer " + i);
      }
    }
  }

  @Test
  void upgradesAfterTheAnswersBefore() throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      client.send(get("/later/1") + RawClient.upgradeRequest("/ws"));
      await().until(() -> server.answers.containsKey("/later/1"));
      assertThat(server.transport.connections()).isZero();
      server.answers.get("/later/1").complete("one");

      assertThat(client.readAnswer().body()).isEqualTo("one");
      assertThat(client.readAnswer().status()).isEqualTo(101);
    }
  }

  @Test
  void takesChunkedBodies() throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      client.send("POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("3\r\none\r\n").send("5\r\n, two\r\n").send("0\r\n\r\n");

      assertThat(client.readAnswer().body()).isEqualTo("POST /c one, two");
    }
  }

  @Test
  void answersHeadWithoutABody() throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      client.send(get("/x").replace("GET", "HEAD"));
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) client.in().read());
      }

      assertThat(head.toString().toLowerCase()).contains("content-length: 8");
      assertThat(client.send(get("/y")).readAnswer().body()).isEqualTo("GET /y ");
    }
  }

  @Test
  void closesWhenTheClientWantsIt() throws Exception {
    for (String request :
        new String[] {
          "GET /x HTTP/1.0\r\n\r\n", "GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
        }) {
      try (RawClient client = new RawClient(server.port)) {
        assertThat(client.send(request + get("/not-any-more")).readAnswer().status())
            .isEqualTo(200);
        assertThat(client.in().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void answersTooLargeBodiesWith413() throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      client.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: " + (MAX_BODY + 1) + "\r\n\r\n");

      assertThat(client.readAnswer().status()).isEqualTo(413);
      assertThat(client.in().read()).isEqualTo(-1);
    }
  }

  @Test
  void answersTooLargeBodiesAlthoughTheyKeepComing() throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      client.send("POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < 30; i++) {
        client.send("2710\r\n" + "x".repeat(10_000) + "\r\n");
      }

      assertThat(client.readAnswer().status()).isEqualTo(413);
    }
  }

  @Test
  void saysContinueOnlyIfTheBodyIsWelcome() throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      client.send(post("/x", "", "Expect: 100-continue").replace("Length: 0", "Length: 2"));
      assertThat(client.readAnswer().status()).isEqualTo(100);
      assertThat(client.send("hi").readAnswer().body()).isEqualTo("POST /x hi");
    }
    try (RawClient client = new RawClient(server.port)) {
      client.send(post("/x", "", "Expect: 100-continue").replace("Length: 0", "Length: 999999"));
      assertThat(client.readAnswer().status()).isEqualTo(413);
    }
    try (RawClient client = new RawClient(server.port)) {
      assertThat(client.send(post("/x", "", "Expect: miracles")).readAnswer().status())
          .isEqualTo(417);
    }
  }

  @Test
  void answersLongLinesAndHeadersWithTheirOwnCodes() throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      assertThat(client.send(get("/" + "x".repeat(10_000))).readAnswer().status()).isEqualTo(414);
    }
    try (RawClient client = new RawClient(server.port)) {
      String request = post("/x", "", "X-Long: " + "y".repeat(20_000));
      assertThat(client.send(request).readAnswer().status()).isEqualTo(431);
    }
  }

  /** What is wrong, and the request: RFC 9112 where a section stands. */
  static Stream<Arguments> wrongRequests() {
    String chunked = "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    String host = "GET /x HTTP/1.1\r\nHost: h\r\n";
    return Stream.of(
        arguments("no request line", "nonsense\r\n\r\n"),
        arguments("no such version", "GET /x HTTP/one\r\nHost: h\r\n\r\n"),
        arguments("a header without colon", host + "no colon\r\n\r\n"),
        arguments("3.2 no Host", "GET /x HTTP/1.1\r\n\r\n"),
        arguments("3.2 two Hosts", host + "Host: i\r\n\r\n"),
        arguments("5.1 a space before the colon", host + "A : b\r\n\r\n"),
        arguments("5.1 a space in the name", host + "A b: c\r\n\r\n"),
        arguments("5.1 no name", host + ": c\r\n\r\n"),
        arguments("5.2 a folded header", host + "A: b\r\n c\r\n\r\n"),
        arguments("5.2 folded by a tab", host + "A: b\r\n\tc\r\n\r\n"),
        arguments("5.2 folded after an empty line", "\r\n" + host + "A: b\r\n c\r\n\r\n"),
        arguments("2.2 the first header after a space", "GET /x HTTP/1.1\r\n Host: h\r\n\r\n"),
        arguments("2.2 bare LF in the head", host.replace("\r\n", "\n") + "\n"),
        arguments("2.2 bare LF after one header", host + "A: b\nC: d\r\n\r\n"),
        arguments("2.2 bare CR in a header", host + "A: b\rC: d\r\n\r\n"),
        arguments("a zero byte in a header", host + "A: b\0c\r\n\r\n"),
        arguments("6.2 no length", post("/x", "", "Content-Length: many")),
        arguments("6.2 a negative length", host + "Content-Length: -1\r\n\r\n"),
        arguments("6.2 a signed length", host + "Content-Length: +1\r\n\r\na"),
        arguments("6.3 two lengths", host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        arguments("6.3 a length twice", post("/x", "ab", "Content-Length: 2")),
        arguments("6.3 two lengths in one", host + "Content-Length: 1, 2\r\n\r\nab"),
        arguments("6.3 length and chunks", post("/x", "0\r\n\r\n", "Transfer-Encoding: chunked")),
        arguments(
            "6.3 chunks and length",
            chunked.replace("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\n0\r\n\r\n")),
        arguments("6.1 chunked is not the last", host + "Transfer-Encoding: chunked, gzip\r\n\r\n"),
        arguments(
            "6.1 not chunked alone", chunked.replace("chunked", "gzip, chunked") + "0\r\n\r\n"),
        arguments(
            "6.1 not chunked alone, in two lines",
            chunked.replace(" chunked", " gzip\r\nTransfer-Encoding: chunked") + "0\r\n\r\n"),
        arguments(
            "6.1 chunked by another name", host + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        arguments("6.1 chunked in HTTP/1.0", chunked.replace("HTTP/1.1", "HTTP/1.0") + "0\r\n\r\n"),
        arguments("7.1 no chunk size", chunked + "zz\r\n"),
        arguments("7.1 a negative chunk size", chunked + "-1\r\n"),
        arguments("7.1 a signed chunk size", chunked + "+1\r\na\r\n0\r\n\r\n"),
        arguments("7.1 a chunk size beyond all bounds", chunked + "fffffffffffffffff\r\n"),
        arguments("7.1 a chunk longer than its size", chunked + "1\r\nabc\r\n0\r\n\r\n"),
        arguments("7.1 bare LF after a chunk size", chunked + "1\na\r\n0\r\n\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongRequests")
  void answersWhatIsNoHttpWith400AndCloses(String what, String request) throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      Answer answer = client.send(request + get("/smuggled")).readAnswer();

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.head().toLowerCase(Locale.ROOT))
          .contains("connection: close")
          .contains("content-type: application/problem+json")
          .contains("x-content-type-options: nosniff");
      assertThat(client.in().read()).isEqualTo(-1);
    }
  }

  @Test
  void findsAFoldHoweverTheHeadIsCut() throws Exception {
    byte[] request =
        (get("/x") + "GET /y HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n").getBytes(ISO_8859_1);
    for (int cut = 1; cut < request.length; cut++) {
      try (RawClient client = new RawClient(server.port)) {
        client.send(Arrays.copyOf(request, cut));
        client.send(Arrays.copyOfRange(request, cut, request.length));
        assertThat(client.readAnswer().status()).isEqualTo(200);
        assertThat(client.readAnswer().status()).as("cut at %d", cut).isEqualTo(400);
      }
    }
  }

  @Test
  void takesWhatOnlyLooksLikeAFold() throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      client.send("\r\n" + post("/x", "a\r\n b\n\tc", "Empty:", "Spaces:   x  "));
      assertThat(client.readAnswer().body()).isEqualTo("POST /x a\r\n b\n\tc");
      assertThat(client.send(get("/y")).readAnswer().status()).isEqualTo(200);
    }
  }

  @Test
  void answers500IfTheHandlerFails() throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      assertThat(client.send(get("/throw")).readAnswer().status()).isEqualTo(500);
      client.send(get("/later/1"));
      await().until(() -> server.answers.containsKey("/later/1"));
      server.answers.get("/later/1").completeExceptionally(new IllegalStateException("as wanted"));
      assertThat(client.readAnswer().status()).isEqualTo(500);
      assertThat(client.send(get("/x")).readAnswer().status()).isEqualTo(200);
    }
  }

  @Test
  @SuppressWarnings("try") // the first one is closed before its time
  void answersSocketsBeyondTheLimitWith503() throws Exception {
    server.close();
    server = new TestServer(io, config -> config.maxSockets(1), registry -> registry);
    try (RawClient first = RawClient.open(server.port, "/ws");
        RawClient second = new RawClient(server.port)) {
      assertThat(second.readAnswer().status()).isEqualTo(503);
      first.close();
      await()
          .ignoreExceptions()
          .until(
              () -> {
                try (RawClient third = new RawClient(server.port)) {
                  return third.send(get("/x")).readAnswer().status() == 200;
                }
              });
    }
  }
}
