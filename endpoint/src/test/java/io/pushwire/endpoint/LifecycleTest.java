package io.pushwire.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Payload;
import io.pushwire.api.RefusedException;
import io.pushwire.api.Target;
import io.pushwire.core.Connection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Open, message, closed: in this order, one after the other, and nothing is missed. */
class LifecycleTest {
  private static final Payload HELLO = Payload.text("hello");

  private final Recorder recorder = new Recorder();

  @Test
  void theListenerHearsOfAConnectionWhenItsBindHasCompleted() {
    HeldBinds binds = new HeldBinds();
    try (App app = App.start(recorder, binds::around);
        Client client = Client.open(app.url("user=a"))) {
      List<Payload> said =
          IntStream.range(0, Conversation.MOST_WAITING)
              .mapToObj(i -> Payload.text("early " + i))
              .toList();
      said.forEach(client::send);
      await().until(() -> app.node.registry().isOnline("a"));
      app.node.sender().send(Target.user("a"), HELLO);
      client.awaitReceived(1);
      assertThat(recorder.calls).isEmpty();
      binds.broker.complete(null);
      await().until(() -> recorder.messages.size() == said.size());
      assertThat(recorder.calls).startsWith("opened").doesNotContainSequence("opened", "opened");
      assertThat(recorder.messages).isEqualTo(said);
    }
  }

  @Test
  void tooManyMessagesBeforeTheBindCloseTheConnection() {
    HeldBinds binds = new HeldBinds();
    try (App app = App.start(recorder, binds::around);
        Client client = Client.open(app.url("user=a"))) {
      for (int i = 0; i <= Conversation.MOST_WAITING; i++) {
        client.send(HELLO);
      }
      assertThat(client.awaitClosed()).isEqualTo(CloseCode.OVERLOAD);
      await().until(() -> app.node.registry().size() == 0);
      binds.broker.complete(null);
      assertThat(recorder.calls).isEmpty();
    }
  }

  @Test
  void aRefusedBindClosesTheConnection() {
    HeldBinds binds = new HeldBinds();
    try (App app = App.start(recorder, binds::around);
        Client client = Client.open(app.url("user=a"))) {
      binds.broker.completeExceptionally(new RefusedException("not for you", null));
      assertThat(client.awaitClosed()).isEqualTo(CloseCode.INTERNAL);
      await().until(() -> app.node.registry().size() == 0);
      assertThat(recorder.calls).isEmpty();
    }
  }

  @Test
  void whatIsSentRightAfterOpenedArrives() {
    List<App> nodes =
        App.two(
            node ->
                new ConnectionListener() {
                  @Override
                  public void opened(Connection connection) {
                    Target target = connection.user().map(LifecycleTest::target).orElseThrow();
                    // from another thread, as a backend would
                    new Thread(() -> node.sender().send(target, HELLO)).start();
                  }
                });
    try (App one = nodes.get(0);
        App two = nodes.get(1)) {
      for (int i = 0; i < 1_000; i++) {
        App app = i % 2 == 0 ? one : two;
        try (Client client = Client.open(app.url("user=" + i + "&topic=t" + i))) {
          client.awaitReceived(1);
          assertThat(client.received).contains(HELLO);
        }
      }
    }
  }

  private static Target target(String user) {
    return Integer.parseInt(user) % 3 == 0 ? Target.topic("t" + user) : Target.user(user);
  }

  @Test
  void aListenerThatThrowsClosesOnlyThatConnection() {
    Recorder throwing =
        new Recorder() {
          @Override
          public void opened(Connection connection) {
            super.opened(connection);
            if (connection.user().equals(Optional.of("bad"))) {
              throw new IllegalStateException("opened");
            }
          }

          @Override
          public void message(Connection connection, Payload payload) {
            super.message(connection, payload);
            throw new AssertionError("message");
          }

          @Override
          public void closed(Connection connection, int code, String reason) {
            super.closed(connection, code, reason);
            throw new IllegalStateException("closed");
          }
        };
    try (App app = App.start(throwing);
        Client other = Client.open(app.url("user=other"))) {
      try (Client bad = Client.open(app.url("user=bad"))) {
        assertThat(bad.awaitClosed()).isEqualTo(CloseCode.INTERNAL);
      }
      try (Client loud = Client.open(app.url("user=loud"))) {
        loud.send(HELLO);
        assertThat(loud.awaitClosed()).isEqualTo(CloseCode.INTERNAL);
      }
      await()
          .until(() -> throwing.calls.stream().filter(c -> c.equals("closed 1011")).count() == 2);
      app.node.sender().send(Target.everyone(), HELLO);
      other.awaitReceived(1);
    }
  }

  @Test
  void aListenerThatBlocksHoldsUpNobodyElse() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    Recorder blocking =
        new Recorder() {
          @Override
          public void opened(Connection connection) {
            if (connection.user().equals(Optional.of("slow"))) {
              try {
                release.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }
            super.opened(connection);
          }
        };
    try (App app = App.start(blocking);
        Client slow = Client.open(app.url("user=slow"))) {
      IntStream.range(0, 100).forEach(i -> slow.send(HELLO));
      try (Client other = Client.open(app.url("user=other"))) {
        other.send(Payload.text("mine"));
        await().until(() -> blocking.messages.contains(Payload.text("mine")));
        app.node.sender().send(Target.user("slow"), HELLO);
        slow.awaitReceived(1);
      }
      assertThat(blocking.messages).hasSize(1);
      release.countDown();
      await().until(() -> blocking.messages.size() == 101);
    }
  }

  @Test
  void closingEndsAllThreads() {
    try (App app = App.start(recorder);
        Client client = Client.open(app.url("user=a"))) {
      await().until(() -> recorder.open.size() == 1);
      assertThat(threads()).contains("pushwire-lane-0", "pushwire-lane-1");
      app.endpoints.close();
      assertThat(client.awaitClosed()).isEqualTo(CloseCode.NODE_GONE);
      assertThat(recorder.calls).containsExactly("opened", "closed 1001 the node goes away");
      app.endpoints.close();
      app.node.close();
      app.node.close();
      await().until(() -> threads().isEmpty());
    }
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("pushwire-"))
        .toList();
  }
}
