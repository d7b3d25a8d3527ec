package io.pushwire.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.server.transport.RawClient.Answer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

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

  @Test
  void answersWhatIsNoHttpWith400() throws Exception {
    for (String nonsense :
        new String[] {
          "nonsense\r\n\r\n",
          "GET /x HTTP/1.1\r\nno colon\r\n\r\n",
          "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: many\r\n\r\n",
          "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
          "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        }) {
      try (RawClient client = new RawClient(server.port)) {
        Answer answer = client.send(nonsense).readAnswer();
        assertThat(answer.status()).as(nonsense).isEqualTo(400);
        assertThat(answer.head().toLowerCase()).contains("connection: close");
        assertThat(client.in().read()).isEqualTo(-1);
      }
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

  @Test
  void closesHalfAHandshakeAfterTenSeconds() throws Exception {
    try (RawClient half = new RawClient(server.port);
        RawClient silent = new RawClient(server.port)) {
      String request = RawClient.upgradeRequest("/ws");
      half.send(request.substring(0, request.length() - 10));
      long start = System.nanoTime();

      assertThat(half.readAnswer().status()).isEqualTo(408);
      assertThat(half.in().read()).isEqualTo(-1);
      assertThat(silent.readAnswer().status()).isEqualTo(408);
      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
          .isBetween(9_000L, 13_000L);
    }
  }
}
