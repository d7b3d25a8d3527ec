package io.pushwire.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who may open a connection, and as whom. */
class HandshakeTest {
  private final Recorder recorder = new Recorder();

  private App start(Consumer<PushwireEndpoints.Builder> options) {
    return App.start(node -> recorder, options);
  }

  @Test
  void theResolverFindsTheUserInAHeader() {
    try (App app =
            start(
                options ->
                    options.identity(handshake -> handshake.header("x-user").map(Identity::user)));
        Client client = Client.withHeader(app.url("user=other"), "X-User", "42")) {
      app.awaitOpened(1);
      app.node.sender().send(Target.user("other"), Payload.text("not for me"));
      app.node.sender().send(Target.user("42"), Payload.text("for me"));
      client.awaitReceived(1);
      assertThat(client.received).containsExactly(Payload.text("for me"));
    }
  }

  @Test
  void aTopicThatTheResolverDoesNotNameIsNotJoined() {
    IdentityResolver onlyNews =
        handshake ->
            Optional.of(
                Identity.anonymous()
                    .joining(
                        handshake.parameters("topic").stream().filter("news"::equals).toList()));
    try (App app = start(options -> options.identity(onlyNews));
        Client client = Client.open(app.url("topic=secret&topic=news"))) {
      await().until(() -> recorder.open.size() == 1);
      assertThat(app.node.registry().topics(recorder.open.get(0))).containsExactly("news");
      app.node.sender().send(Target.topic("secret"), Payload.text("not for me"));
      app.node.sender().send(Target.topic("news"), Payload.text("for me"));
      client.awaitReceived(1);
      assertThat(client.received).containsExactly(Payload.text("for me"));
    }
  }

  @Test
  void aRefusedClientIsClosedBeforeAnybodyHearsOfIt() {
    try (App app = start(options -> options.identity(handshake -> Optional.empty()));
        Client client = Client.open(app.url("user=a"))) {
      assertThat(client.awaitClosed()).isEqualTo(CloseCode.NOT_ALLOWED);
      assertThat(recorder.calls).isEmpty();
      assertThat(app.node.registry().size()).isZero();
    }
  }

  @Test
  void aResolverThatThrowsClosesTheConnection() {
    try (App app =
            start(
                options ->
                    options.identity(
                        handshake -> {
                          throw new IllegalStateException("no database");
                        }));
        Client client = Client.open(app.url("user=a"))) {
      assertThat(client.awaitClosed()).isEqualTo(CloseCode.INTERNAL);
      assertThat(recorder.calls).isEmpty();
    }
  }

  @Test
  void concurrentHandshakesKeepTheirIdentities() {
    try (App app = start(options -> {})) {
      List<Client> clients =
          IntStream.range(0, 100)
              .parallel()
              .mapToObj(i -> Client.open(app.url("user=" + i)))
              .toList();
      await().until(() -> recorder.open.size() == 100);
      for (int i = 0; i < clients.size(); i++) {
        Client client = clients.get(i);
        app.node.sender().send(Target.user("" + i), Payload.text("" + i));
        client.awaitReceived(1);
        assertThat(client.received).containsExactly(Payload.text("" + i));
        client.close();
      }
    }
  }

  @Test
  void aPageOfAnotherHostIsClosedAtOnce() {
    try (App app = start(options -> {});
        Client foreign = from(app, "https://evil.example")) {
      assertThat(foreign.awaitClosed()).isEqualTo(CloseCode.NOT_ALLOWED);
      assertThat(recorder.calls).isEmpty();
    }
  }

  @Test
  void aPageOfTheSameHostMayConnect() {
    try (App app = start(options -> {});
        Client own = from(app, "http://127.0.0.1:" + app.port())) {
      await().until(() -> recorder.open.size() == 1);
      app.node.sender().send(Target.everyone(), Payload.text("hello"));
      own.awaitReceived(1);
    }
  }

  @Test
  void withAListOthersGet403() {
    try (App app = start(options -> options.origins(Set.of("https://good.example")))) {
      assertThatThrownBy(() -> from(app, "https://evil.example"))
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              WebSocketHandshakeException.class,
              refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(403));
      try (Client good = from(app, "https://GOOD.example")) {
        await().until(() -> recorder.open.size() == 1);
        good.send(Payload.text("hello"));
        await().until(() -> recorder.messages.size() == 1);
      }
    }
  }

  private static Client from(App app, String origin) {
    return Client.withHeader(app.url("user=a"), "Origin", origin);
  }
}
