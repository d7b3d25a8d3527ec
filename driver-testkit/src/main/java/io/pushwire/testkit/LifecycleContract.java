package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushwire.api.ClosedException;
import io.pushwire.api.PublishException;
import io.pushwire.api.PushwireException;
import io.pushwire.api.Target;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Opening and closing. */
interface LifecycleContract extends Cases {
  /** How long nothing may have changed on the broker to count as its state of rest. */
  Duration SETTLED = Duration.ofMillis(500);

  @Case(7)
  default void isReachableOnceOpen() {
    Peer a = cluster().peer("a");
    for (int i = 0; i < Scale.of(20, 100); i++) {
      Target node;
      try (Peer b = cluster().peer("b" + i)) {
        node = new Target.Node(b.self().id());
        a.send(node, "first");
        b.await(node, 1);
      }
    }
  }

  @Case(7)
  default void missesNothingOnceSubscribed() {
    Peer a = cluster().peer("a");
    Peer b = cluster().peer("b");
    for (int i = 0; i < 100; i++) {
      Target user = Target.user("u" + i);
      b.subscribe(user);
      a.send(user, "first");
      b.await(user, 1);
    }
  }

  @Case(8)
  default void deliversNothingAfterClose() {
    Peer a = cluster().peer("a");
    Peer b = cluster().peer("b");
    Traffic traffic = cluster().closing(new Traffic(a, b, Target.topic("t"), 5000, 128));
    traffic.start().flows();
    b.close(); // notes whatever comes afterwards as a mistake
    b.close();
    traffic.goOn(500);
  }

  @Case(8)
  default void refusesToPublishAfterClose() {
    Peer a = cluster().peer("a");
    a.close();
    assertThatThrownBy(() -> a.send(Target.user("42"), "late")).isInstanceOf(ClosedException.class);
  }

  @Case(8)
  default void endsPublishesUnderWayWhenItCloses() {
    Peer a = cluster().peer("a");
    Peer b = cluster().peer("b");
    Traffic traffic = cluster().closing(new Traffic(a, b, Target.topic("t"), 0, 128));
    traffic.start().flows();
    a.close();
    traffic.close();
    Wait.until(traffic::nothingUnderWay, () -> "publishes neither completed nor failed");
  }

  @Case(8)
  default void closesWithinFiveSeconds() {
    Peer a = cluster().peer("a");
    a.subscribe(Target.everyone());
    CompletableFuture<Void> stuck = new CompletableFuture<>();
    a.delivery().onDeliver(envelope -> stuck.join());
    cluster().closing(() -> stuck.complete(null));
    a.send(Target.everyone(), "stuck in its delivery");
    a.await(Target.everyone(), 1);
    long begin = System.nanoTime();
    a.driver().close();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(6));
  }

  @Case(35)
  default void startsLazilyWithoutTheBroker() {
    LateProvider late = new LateProvider(cluster().provider());
    TestNode node = cluster().node(late, Map.of("driver.lazy", "true"));
    TestConnection connection = node.connection("42");
    CompletableFuture<Void> bound = node.registry().bind(connection).toCompletableFuture();
    assertThatThrownBy(() -> node.send(Target.user("42"), "too early"))
        .isInstanceOf(PublishException.class);
    assertThat(bound).isNotDone();
    late.arrive();
    Wait.done(bound, "bind once the broker is there");
    node.send(Target.user("42"), "now");
    connection.await("now");
  }

  @Case(35)
  default void saysClearlyThatTheBrokerIsAbsent() {
    LateProvider late = new LateProvider(cluster().provider());
    assertThatThrownBy(() -> cluster().node(late, Map.of()))
        .isInstanceOf(PushwireException.class)
        .hasMessageContaining(LateProvider.ABSENT);
  }

  @Case(39)
  default void leavesNothingBehind() {
    Peer stays = cluster().peer("stays");
    openAndClose(stays, 0); // what is made once stays
    Map<String, Long> before = settledLeftovers();
    long threadsBefore = threads();
    for (int i = 1; i <= Scale.of(100, 10_000); i++) {
      openAndClose(stays, i);
    }
    Wait.until(
        () -> threads() <= threadsBefore, () -> threads() + " threads, before " + threadsBefore);
    Wait.until(
        () -> leftovers().equals(before),
        () -> "on the broker " + leftovers() + ", before " + before);
  }

  /** Without those of the JDK that stay for a minute after a broker's tool was run. */
  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.getName().equals("process reaper"))
        .count();
  }

  private void openAndClose(Peer sender, int number) {
    Target user = Target.user("u" + number);
    try (Peer peer = cluster().peer("n" + number)) {
      peer.subscribe(user, Target.everyone());
      sender.send(user, "hello");
      peer.await(user, 1);
      if (number % 2 == 0) {
        peer.unsubscribe(user, Target.everyone());
      }
    }
  }

  /** What was closed is seen by the broker a moment later: what stays the same for a while. */
  private Map<String, Long> settledLeftovers() {
    AtomicReference<Map<String, Long>> last = new AtomicReference<>(leftovers());
    AtomicLong since = new AtomicLong(System.nanoTime());
    Wait.until(
        () -> {
          Map<String, Long> now = leftovers();
          if (!now.equals(last.getAndSet(now))) {
            since.set(System.nanoTime());
          }
          return System.nanoTime() - since.get() > SETTLED.toNanos();
        },
        () -> "the broker does not come to rest: " + leftovers());
    return leftovers();
  }

  private Map<String, Long> leftovers() {
    return cluster().controls(BrokerControls.Control.LEFTOVERS)
        ? cluster().broker().leftovers()
        : Map.of();
  }
}
