package io.pushwire.server.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.pushwire.api.RefusedException;
import io.pushwire.api.Target;
import io.pushwire.core.Connection;
import io.pushwire.server.transport.RawClient.Answer;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
class HandshakeTest {
  @Parameter IoKind io;

  private final CompletableFuture<Void> bind = new CompletableFuture<>();
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(io);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Its bind completes when {@link #bind} does. */
  private void restartWithPendingBind() {
    server.close();
    server =
        new TestServer(
            io,
            config -> {},
            registry ->
                new ForwardingRegistry(registry) {
                  @Override
                  public CompletionStage<Void> bind(Connection connection) {
                    return super.bind(connection).thenCompose(done -> bind);
                  }
                });
  }

  @Test
  void answersWithTheKeyThatRfc6455Names() throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      Answer answer = client.send(RawClient.upgradeRequest("/ws")).readAnswer();

      assertThat(answer.status()).isEqualTo(101);
      assertThat(answer.head().toLowerCase())
          .contains("upgrade: websocket")
          .contains("connection: upgrade")
          .doesNotContain("content-length")
          .doesNotContain("extensions");
      assertThat(answer.head()).contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
  }

  @Test
  void opensForTheJdkClient() throws Exception {
    CompletableFuture<String> text = new CompletableFuture<>();
    WebSocket.Listener listener =
        new WebSocket.Listener() {
          @Override
          public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.complete(data.toString());
            return null;
          }
        };
    HttpClient http = HttpClient.newHttpClient();
    WebSocket socket =
        http.newWebSocketBuilder()
            .subprotocols("other", NettyServer.SUBPROTOCOL, "token.abc")
            .buildAsync(URI.create("ws://127.0.0.1:" + server.port + "/ws?user=a%7Cb"), listener)
            .get(10, TimeUnit.SECONDS);

    server.send(Target.user("a|b"), "hello");

    assertThat(text.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
    assertThat(socket.getSubprotocol()).isEqualTo(NettyServer.SUBPROTOCOL);
    socket.sendClose(1000, "").get(10, TimeUnit.SECONDS);
    await().until(() -> server.heard.contains("closed 1000"));
  }

  @Test
  void selectsNoSubprotocolThatIsNotItsOwn() throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      String request = RawClient.upgradeRequest("/ws", "Sec-WebSocket-Protocol: secret-token");

      assertThat(client.send(request).readAnswer().head()).doesNotContain("secret-token");
    }
  }

  @Test
  void negotiatesNoExtensions() throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      String request =
          RawClient.upgradeRequest("/ws", "Sec-WebSocket-Extensions: permessage-deflate");

      assertThat(client.send(request).readAnswer().head()).doesNotContain("deflate");
    }
  }

  @Test
  void refusesOnAnyPathAndTheSocketStaysUsable() throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      assertThat(client.send(RawClient.upgradeRequest("/nowhere")).readAnswer().body())
          .isEqualTo("no such path");
      assertThat(client.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n").readAnswer().body())
          .startsWith("GET /x");
      client.upgrade("/ws?user=u");
      server.send(Target.user("u"), "after all");
      assertThat(client.readFrame().text()).isEqualTo("after all");
    }
  }

  @Test
  void answersWrongVersionsWith426() throws Exception {
    for (String version : new String[] {"Sec-WebSocket-Version: 8\r\n", ""}) {
      String request =
          RawClient.upgradeRequest("/ws").replace("Sec-WebSocket-Version: 13\r\n", version);
      try (RawClient client = new RawClient(server.port)) {
        Answer answer = client.send(request).readAnswer();

        assertThat(answer.status()).isEqualTo(426);
        assertThat(answer.head().toLowerCase()).contains("sec-websocket-version: 13");
        client.upgrade("/ws");
      }
    }
  }

  static Stream<Arguments> malformed() {
    String good = RawClient.upgradeRequest("/ws");
    String key = "Sec-WebSocket-Key: " + RawClient.KEY;
    return Stream.of(
        arguments(400, "no key", good.replace(key + "\r\n", "")),
        arguments(400, "an empty key", good.replace(RawClient.KEY, "")),
        arguments(400, "a short key", good.replace(RawClient.KEY, "c2hvcnQ=")),
        arguments(400, "a long key", good.replace(RawClient.KEY, "dGhlIHNhbXBsZSBub25jZSBsb25n")),
        arguments(
            400, "a key not in base64", good.replace(RawClient.KEY, "!!!!IHNhbXBsZSBub25jZQ==")),
        arguments(400, "two keys", good.replace(key, key + "\r\n" + key)),
        arguments(
            400, "Connection: close", good.replace("Connection: Upgrade", "Connection: close")),
        arguments(400, "no Connection", good.replace("Connection: Upgrade\r\n", "")),
        arguments(400, "no Host", good.replace("Host: localhost\r\n", "")),
        arguments(400, "two Hosts", RawClient.upgradeRequest("/ws", "Host: other")),
        arguments(400, "two versions", RawClient.upgradeRequest("/ws", "Sec-WebSocket-Version: 8")),
        arguments(400, "HTTP/1.0", good.replace("HTTP/1.1", "HTTP/1.0")),
        arguments(400, "a body", RawClient.upgradeRequest("/ws", "Content-Length: 2") + "hi"),
        arguments(
            400, "a folded header", good.replace("Upgrade: websocket", "Upgrade:\r\n websocket")),
        arguments(426, "no version", good.replace("Sec-WebSocket-Version: 13\r\n", "")),
        arguments(426, "version 8", good.replace("Version: 13", "Version: 8")),
        arguments(426, "version 14", good.replace("Version: 13", "Version: 14")),
        arguments(426, "version thirteen", good.replace("Version: 13", "Version: thirteen")),
        arguments(
            431, "a long header", RawClient.upgradeRequest("/ws", "X: " + "y".repeat(20_000))),
        arguments(431, "many headers", RawClient.upgradeRequest("/ws", many())),
        arguments(414, "a long path", RawClient.upgradeRequest("/ws?user=" + "u".repeat(10_000))));
  }

  private static String[] many() {
    return IntStream.range(0, 1500).mapToObj(i -> "X-Header: " + i).toArray(String[]::new);
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("malformed")
  void refusesWhatIsNoHandshake(int status, String what, String request) throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      Answer answer = client.send(request).readAnswer();

      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.head().toLowerCase(Locale.ROOT))
          .contains(status == 426 ? "sec-websocket-version: 13" : "application/problem+json");
    }
    assertThat(server.transport.connections()).isZero();
  }

  @Test
  void takesHeadersAsBrowsersWriteThem() throws Exception {
    String request =
        RawClient.upgradeRequest("/ws?user=u")
            .replace("Connection: Upgrade", "connection: keep-alive, Upgrade")
            .replace("Upgrade: websocket", "UPGRADE: WebSocket");
    try (RawClient client = new RawClient(server.port)) {
      assertThat(client.send(request).readAnswer().status()).isEqualTo(101);
    }
  }

  @Test
  void answersAnUpgradeByPostWith405() throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      String request = RawClient.upgradeRequest("/ws").replace("GET", "POST");
      Answer answer = client.send(request).readAnswer();

      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.head().toLowerCase()).contains("allow: get");
    }
  }

  @Test
  void answers500IfTheDecisionFails() throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      assertThat(client.send(RawClient.upgradeRequest("/ws?throw=1")).readAnswer().status())
          .isEqualTo(500);
    }
  }

  @Test
  void takesFramesSentTogetherWithTheRequest() throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      ByteArrayOutputStream together = new ByteArrayOutputStream();
      together.writeBytes(RawClient.upgradeRequest("/ws?user=u").getBytes(ISO_8859_1));
      together.writeBytes(RawClient.frame(true, RawClient.TEXT, true, "early".getBytes(UTF_8)));
      client.send(together.toByteArray());

      assertThat(client.readAnswer().status()).isEqualTo(101);
      await().until(() -> server.heard.contains("text early"));
    }
  }

  @Test
  void answersOnlyWhenTheBindIsComplete() throws Exception {
    restartWithPendingBind();
    try (RawClient client = new RawClient(server.port)) {
      client.send(RawClient.upgradeRequest("/ws?user=u"));
      await().until(() -> server.node.registry().isOnline("u"));
      server.send(Target.user("u"), "while it is pending");
      assertThat(client.in().available()).isZero();
      bind.complete(null);

      assertThat(client.readAnswer().status()).isEqualTo(101);
      assertThat(client.readFrame().text()).isEqualTo("while it is pending");
    }
  }

  @Test
  void answersAnywayIfTheBindStaysPending() throws Exception {
    restartWithPendingBind();
    try (RawClient client = new RawClient(server.port)) {
      client.upgrade("/ws?user=u");
      server.send(Target.user("u"), "reaches it");

      assertThat(client.readFrame().text()).isEqualTo("reaches it");
      assertThat(server.heard).isEmpty();
      bind.complete(null);
      await().until(() -> !server.opened.isEmpty());
    }
  }

  @Test
  void answers503IfTheBindIsRefused() throws Exception {
    restartWithPendingBind();
    bind.completeExceptionally(new RefusedException("no such name allowed", null));
    try (RawClient client = new RawClient(server.port)) {
      assertThat(client.send(RawClient.upgradeRequest("/ws?user=u")).readAnswer().status())
          .isEqualTo(503);
      assertThat(server.node.registry().size()).isZero();
      assertThat(server.transport.connections()).isZero();
      assertThat(server.places).hasValue(0);
      assertThat(client.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n").readAnswer().status())
          .isEqualTo(200);
    }
  }

  @Test
  void answers503IfOneTopicIsRefusedWhileAnotherIsPending() throws Exception {
    server.close();
    server =
        new TestServer(
            io,
            config -> {},
            registry ->
                new ForwardingRegistry(registry) {
                  @Override
                  public CompletionStage<Void> join(Connection connection, String topic) {
                    return topic.equals("refused")
                        ? CompletableFuture.failedFuture(new RefusedException("no", null))
                        : bind;
                  }
                });
    try (RawClient client = new RawClient(server.port)) {
      client.send(RawClient.upgradeRequest("/ws?topic=pending&topic=refused"));

      assertThat(client.readAnswer().status()).isEqualTo(503);
      assertThat(server.node.registry().size()).isZero();
    }
  }

  @Test
  void closesIfTheBindIsRefusedAfterTheAnswer() throws Exception {
    restartWithPendingBind();
    try (RawClient client = RawClient.open(server.port, "/ws?user=u")) {
      bind.completeExceptionally(new RefusedException("no such name allowed", null));

      assertThat(client.readCloseCode()).isEqualTo(1011);
    }
    await().until(() -> !server.node.registry().isOnline("u"));
    await().until(() -> server.places.get() == 0);
  }

  @Test
  void forgetsAClientThatLeavesWhileItIsDecided() throws Exception {
    CompletableFuture<Void> decision = new CompletableFuture<>();
    server.decided = decision;
    try (RawClient client = new RawClient(server.port)) {
      client.send(RawClient.upgradeRequest("/ws?user=u"));
      await().until(() -> decision.getNumberOfDependents() > 0);
    }
    for (int loop = 0; loop < 2; loop++) {
      // a loop that answers this has seen what came before it: that the client has left
      try (RawClient another = new RawClient(server.port)) {
        assertThat(another.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n").readAnswer().status())
            .isEqualTo(200);
      }
    }
    decision.complete(null);

    await().until(() -> server.places.get() == 0);
    assertThat(server.node.registry().size()).isZero();
    assertThat(server.transport.connections()).isZero();
  }

  @Test
  void forgetsAClientThatLeavesWhileTheBindIsPending() throws Exception {
    restartWithPendingBind();
    RawClient client = new RawClient(server.port);
    client.send(RawClient.upgradeRequest("/ws?user=u&topic=t"));
    await().until(() -> server.node.registry().isOnline("u"));
    client.close();

    await().until(() -> !server.node.registry().isOnline("u"));
    await().until(() -> server.transport.connections() == 0);
    assertThat(server.node.registry().size()).isZero();
    assertThat(server.places).hasValue(0);
  }

  @Test
  void whoSeesItOpenMissesNothing() throws Exception {
    for (int i = 0; i < 1000; i++) {
      try (RawClient client = RawClient.open(server.port, "/ws?topic=t" + i % 3 + "&user=u" + i)) {
        server.send(Target.user("u" + i), "user " + i);
        server.send(Target.topic("t" + i % 3), "topic " + i);
        server.send(Target.everyone(), "all " + i);

        assertThat(client.readFrame().text()).isEqualTo("user " + i);
        assertThat(client.readFrame().text()).isEqualTo("topic " + i);
        assertThat(client.readFrame().text()).isEqualTo("all " + i);
      }
    }
  }
}
