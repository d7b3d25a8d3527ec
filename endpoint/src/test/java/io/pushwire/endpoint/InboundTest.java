package io.pushwire.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client says reaches the others. */
class InboundTest {
  private static final Payload TEXT = Payload.text("hello 🎺");
  private static final Payload BINARY = Payload.binary(new byte[] {0, -1, 0});

  @Test
  void everyoneOnEveryNodeHearsIt() {
    List<App> nodes = App.two(node -> Inbound.everyone(node.sender(), 10));
    try (App one = nodes.get(0);
        App two = nodes.get(1);
        Client a = Client.open(one.url("user=a"));
        Client b = Client.open(two.url(""))) {
      one.awaitOpened(1);
      two.awaitOpened(1);
      a.send(TEXT);
      b.awaitReceived(1);
      b.send(BINARY);
      a.awaitReceived(2);
      b.awaitReceived(2);
      assertThat(a.received).containsExactly(TEXT, BINARY);
      assertThat(b.received).containsExactly(TEXT, BINARY);
    }
  }

  @Test
  void theTopicHearsIt() {
    List<App> nodes = App.two(node -> Inbound.topic(node.sender(), node.registry(), 10));
    try (App one = nodes.get(0);
        App two = nodes.get(1);
        Client a = Client.open(one.url("topic=t"));
        Client b = Client.open(two.url("topic=t&topic=u"));
        Client c = Client.open(two.url("topic=u"))) {
      one.awaitOpened(1);
      two.awaitOpened(2);
      a.send(TEXT);
      a.awaitReceived(1);
      b.awaitReceived(1);
      c.send(BINARY);
      b.awaitReceived(2);
      c.awaitReceived(1);
      assertThat(a.received).containsExactly(TEXT);
      assertThat(b.received).containsExactly(TEXT, BINARY);
      assertThat(c.received).containsExactly(BINARY);
    }
  }

  @Test
  void whoHasNotExactlyOneTopicMayNotSpeak() {
    try (App app =
            App.start(node -> Inbound.topic(node.sender(), node.registry(), 10), options -> {});
        Client none = Client.open(app.url(""));
        Client both = Client.open(app.url("topic=t&topic=u"))) {
      none.trySend(TEXT);
      both.trySend(TEXT);
      assertThat(none.awaitClosed()).isEqualTo(CloseCode.POLICY);
      assertThat(both.awaitClosed()).isEqualTo(CloseCode.POLICY);
    }
  }

  @Test
  void whoSaysTooMuchIsClosed() {
    try (App app = App.start(node -> Inbound.everyone(node.sender(), 5), options -> {});
        Client loud = Client.open(app.url("user=loud"));
        Client quiet = Client.open(app.url("user=quiet"))) {
      app.awaitOpened(2);
      for (int i = 0; i < 50 && !loud.closed.isDone(); i++) {
        loud.trySend(TEXT);
      }
      assertThat(loud.awaitClosed()).isEqualTo(CloseCode.TOO_MANY_MESSAGES);
      quiet.send(BINARY);
      await().until(() -> quiet.received.contains(BINARY));
      assertThat(quiet.received).hasSizeBetween(6, 10);
    }
  }

  @Test
  void whatTheNodeDoesNotSendIsTooBig() {
    try (App app =
            App.start(
                node -> Inbound.everyone(node.sender(), 5),
                options -> options.maxMessage(1024 * 1024));
        Client client = Client.open(app.url(""))) {
      client.trySend(Payload.binary(new byte[300 * 1024]));
      assertThat(client.awaitClosed()).isEqualTo(CloseCode.TOO_BIG);
    }
  }

  @Test
  void aClosedNodeClosesNoClientThatSpeaks() {
    try (App other = App.start(new Recorder());
        App app = App.start(node -> Inbound.everyone(other.node.sender(), 5), options -> {});
        Client client = Client.open(app.url("user=a"))) {
      app.awaitOpened(1);
      other.node.close();
      client.send(TEXT);
      client.send(TEXT);
      app.node.sender().send(Target.user("a"), BINARY);
      client.awaitReceived(1);
      assertThat(client.received).containsExactly(BINARY);
      assertThat(client.closed).isNotDone();
    }
  }

  @Test
  void aRateIsPositive() {
    assertThatThrownBy(() -> Inbound.everyone(null, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
