package io.pushwire.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.Payload;
import io.pushwire.api.SendOptions;
import io.pushwire.api.Target;
import io.pushwire.core.Connection;
import io.pushwire.core.PushwireNode;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What client A on node 1 says reaches client B on node 2. */
class MessagingTest {
  private static final Payload TEXT = Payload.text("grüße 𝄞 🎺 \u0000 end");
  private static final Payload BINARY = Payload.binary(new byte[] {0, 1, 0, -1, 'P', 'W', '1', 0});

  /** What the application does with what a client says. */
  private volatile Function<Payload, List<Target>> rule = payload -> List.of();

  private App one;
  private App two;

  @BeforeEach
  void start() {
    List<App> nodes = App.two(this::application);
    one = nodes.get(0);
    two = nodes.get(1);
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
  }

  private ConnectionListener application(PushwireNode node) {
    return new ConnectionListener() {
      @Override
      public void message(Connection connection, Payload payload) {
        node.sender().send(rule.apply(payload), payload, SendOptions.NONE);
      }
    };
  }

  @Test
  void byUser() {
    rule = payload -> List.of(Target.user("b"));
    sends("user=a", "user=b", TEXT, BINARY);
  }

  @Test
  void byConnection() {
    rule = payload -> List.of(Target.connection(two.only("b")));
    sends("user=a", "user=b", TEXT, BINARY);
  }

  @Test
  void byTopic() {
    rule = payload -> List.of(Target.topic("news"));
    sends("user=a", "user=b&topic=news&topic=other", TEXT, BINARY);
  }

  @Test
  void toEveryone() {
    rule = payload -> List.of(Target.everyone());
    sends("user=a", "", BINARY, TEXT);
  }

  @Test
  void toSeveral() {
    rule = payload -> List.of(Target.user("b"), Target.user("c"), Target.user("nobody"));
    try (Client a = Client.open(one.url("user=a"));
        Client b = Client.open(two.url("user=b"));
        Client c = Client.open(one.url("user=c"))) {
      one.awaitOpened(2);
      two.awaitOpened(1);
      a.send(TEXT);
      b.awaitReceived(1);
      c.awaitReceived(1);
      assertThat(b.received).containsExactly(TEXT);
      assertThat(c.received).containsExactly(TEXT);
      assertThat(a.received).isEmpty();
    }
  }

  @Test
  void notToTheExceptedConnection() {
    try (Client b = Client.open(two.url("user=b"));
        Client c = Client.open(two.url("user=c"))) {
      two.awaitOpened(2);
      SendOptions notB = SendOptions.builder().except(Set.of(two.only("b"))).build();
      one.node.sender().send(Target.everyone(), TEXT, notB);
      one.node.sender().send(Target.everyone(), BINARY);
      c.awaitReceived(2);
      b.awaitReceived(1);
      assertThat(b.received).containsExactly(BINARY);
      assertThat(c.received).containsExactly(TEXT, BINARY);
    }
  }

  @Test
  void largeAndEmptyPayloads() {
    Payload large = Payload.text("𝄞".repeat(50_000));
    byte[] bytes = new byte[200_000];
    IntStream.range(0, bytes.length).forEach(i -> bytes[i] = (byte) i);
    try (Client b = Client.open(two.url("user=b"))) {
      two.awaitOpened(1);
      List<Payload> all =
          List.of(large, Payload.binary(bytes), Payload.text(""), Payload.binary(new byte[0]));
      all.forEach(payload -> one.node.sender().send(Target.user("b"), payload));
      b.awaitReceived(all.size());
      assertThat(b.received).isEqualTo(all);
    }
  }

  @Test
  void manyMessagesKeepTheirOrder() {
    rule = payload -> List.of(Target.user("b"));
    List<Payload> all =
        IntStream.range(0, 5_000).mapToObj(i -> Payload.text("message " + i)).toList();
    try (Client a = Client.open(one.url("user=a"));
        Client b = Client.open(two.url("user=b"))) {
      two.awaitOpened(1);
      all.forEach(a::send);
      b.awaitReceived(all.size());
      assertThat(b.received).isEqualTo(all);
    }
  }

  private void sends(String from, String to, Payload... payloads) {
    try (Client a = Client.open(one.url(from));
        Client b = Client.open(two.url(to))) {
      two.awaitOpened(1);
      for (Payload payload : payloads) {
        a.send(payload);
      }
      b.awaitReceived(payloads.length);
      assertThat(b.received).containsExactly(payloads);
    }
  }
}
