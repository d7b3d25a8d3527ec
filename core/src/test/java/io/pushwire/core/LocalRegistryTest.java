package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.RefusedException;
import io.pushwire.api.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalRegistryTest {
  private static final NodeInfo SELF = NodeInfo.of(FakeConnection.NODE, 7);

  private final FakeDriver driver = new FakeDriver();
  private final RemoteClose closes =
      new RemoteClose(SELF, (target, message) -> CompletableFuture.failedStage(new IOException()));
  private final LocalRegistry registry =
      new LocalRegistry(SELF, Counters.NONE, driver, null, closes);
  private final ManualLane lane = new ManualLane();
  private final Deque<CompletableFuture<Void>> asked = new ArrayDeque<>();

  @BeforeEach
  void answerLater() {
    driver.onSubscribe =
        targets -> {
          asked.add(new CompletableFuture<>());
          return asked.getLast();
        };
  }

  @Test
  void theFirstConnectionSubscribesAndTheLastUnsubscribes() {
    FakeConnection a = connection("42");
    FakeConnection b = connection("42");
    registry.bind(a);
    registry.bind(b);
    registry.unbind(a);
    registry.unbind(a);
    assertThat(driver.calls).containsExactly("subscribe [everyone]", "subscribe [user 42]");
    registry.unbind(b);
    assertThat(driver.calls.subList(2, 4))
        .containsExactlyInAnyOrder("unsubscribe [everyone]", "unsubscribe [user 42]");
    assertThat(registry.size()).isZero();
  }

  @Test
  void usersAreCountedOnceEach() {
    FakeConnection a = connection("42");
    FakeConnection b = connection("42");
    registry.bind(a);
    registry.bind(b);
    registry.bind(connection("7"));
    registry.bind(connection(null));
    assertThat(registry.users()).isEqualTo(2);
    registry.unbind(a);
    assertThat(registry.users()).isEqualTo(2);
    registry.unbind(b);
    assertThat(registry.users()).isEqualTo(1);
  }

  @Test
  void anAnonymousConnectionIsPartOfEveryoneOnly() {
    registry.bind(connection(null));
    assertThat(driver.calls).containsExactly("subscribe [everyone]");
  }

  @Test
  void bindIsDoneWhenAllItsSubscriptionsAre() {
    CompletableFuture<Void> first = registry.bind(connection("42")).toCompletableFuture();
    asked.remove().complete(null);
    assertThat(first).isNotDone();
    CompletableFuture<Void> second = registry.bind(connection("42")).toCompletableFuture();
    assertThat(second).as("waits for the pending subscription").isNotDone();
    asked.remove().complete(null);
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
  }

  @Test
  void aRefusedBindLeavesNothingBehind() {
    FakeConnection a = connection("42");
    CompletableFuture<Void> bound = registry.bind(a).toCompletableFuture();
    asked.remove().complete(null);
    asked.remove().completeExceptionally(new RefusedException("ACL", null));
    assertThat(bound)
        .failsWithin(1, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(RefusedException.class);
    assertThat(registry.size()).isZero();
    assertThat(registry.interest().size()).isZero();
    assertThat(registry.find(a.id())).isEmpty();
    registry.bind(connection("42"));
    assertThat(driver.calls).filteredOn("subscribe [user 42]"::equals).hasSize(2);
  }

  @Test
  void aDriverThatThrowsRefuses() {
    driver.onSubscribe =
        targets -> {
          throw new IllegalArgumentException("thrown");
        };
    assertThat(registry.bind(connection("42")))
        .failsWithin(1, TimeUnit.SECONDS)
        .withThrowableThat()
        .withMessageContaining("thrown");
    assertThat(registry.size()).isZero();
  }

  @Test
  void joiningTwiceIsJoiningOnce() {
    FakeConnection a = bound("42");
    registry.join(a, "t");
    registry.join(a, "t");
    assertThat(registry.topics(a)).containsExactly("t");
    registry.leave(a, "t");
    registry.leave(a, "t");
    assertThat(registry.topics(a)).isEmpty();
    assertThat(driver.calls).containsOnlyOnce("subscribe [topic t]", "unsubscribe [topic t]");
  }

  @Test
  void aRefusedJoinIsNoMembership() {
    FakeConnection a = bound("42");
    CompletableFuture<Void> joined = registry.join(a, "t").toCompletableFuture();
    asked.remove().completeExceptionally(new RefusedException("ACL", null));
    assertThat(joined).isCompletedExceptionally();
    assertThat(registry.topics(a)).isEmpty();
    assertThat(registry.size()).isEqualTo(1);
  }

  @Test
  void aLateRefusalDoesNotEndALaterMembership() {
    FakeConnection a = bound("42");
    registry.join(a, "t");
    registry.leave(a, "t");
    CompletableFuture<Void> again = registry.join(a, "t").toCompletableFuture();
    asked.remove().completeExceptionally(new RefusedException("ACL", null));
    asked.remove().complete(null);
    assertThat(again).isCompleted();
    assertThat(registry.topics(a)).containsExactly("t");
  }

  @Test
  void unbindLeavesAllTopics() {
    FakeConnection a = bound("42");
    registry.join(a, "t");
    registry.join(a, "u");
    registry.unbind(a);
    assertThat(registry.interest().size()).isZero();
    assertThat(registry.topics(a)).isEmpty();
    assertThat(registry.join(a, "t")).isCompletedExceptionally();
    registry.leave(a, "t");
    assertThat(registry.interest().size()).isZero();
  }

  @Test
  void unbindWhileBindIsPendingEndsIt() {
    FakeConnection a = connection("42");
    registry.bind(a);
    registry.unbind(a);
    assertThat(registry.size()).isZero();
    assertThat(registry.interest().lanes(Target.user("42"))).isEmpty();
    lane.run();
  }

  @Test
  void twoConnectionsOfOneIdAreAMistake() {
    FakeConnection a = connection("42");
    registry.bind(a);
    assertThatThrownBy(() -> registry.bind(a))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(a.id().toString());
  }

  @Test
  void findsItsOwnConnectionsOnly() {
    FakeConnection a = bound("42");
    ConnectionId id = a.id();
    assertThat(id.node()).isEqualTo(SELF.id());
    assertThat(id.incarnation()).isEqualTo(7);
    assertThat(registry.find(id)).contains(a);
    assertThat(registry.find(new ConnectionId(id.node(), 6, id.number()))).isEmpty();
    assertThat(registry.find(new ConnectionId(id.node(), 7, id.number() + 1))).isEmpty();
  }

  @Test
  void aConnectionThatClosesWhileItIsBoundIsNoGhost() {
    NodeThread thread = new NodeThread(SELF.id());
    RosterSync roster =
        new RosterSync(
            new Roster(),
            new Roster.Holder(SELF),
            (target, message) -> CompletableFuture.completedStage(null),
            thread,
            Duration.ofSeconds(2));
    LocalRegistry known = new LocalRegistry(SELF, Counters.NONE, driver, roster, closes);
    FakeConnection a = connection("42");
    Thread closing = new Thread(() -> known.unbind(a));
    driver.onSubscribe =
        targets -> {
          // the close comes first, and its departure has been told before bind goes on
          if (closing.getState() == Thread.State.NEW) {
            closing.start();
            await().until(() -> known.size() == 0 && !roster.isOnline("42"));
            await().during(Duration.ofMillis(500)).until(() -> !roster.isOnline("42"));
          }
          return CompletableFuture.completedStage(null);
        };
    known.bind(a);
    await().until(() -> !roster.isOnline("42"));
    thread.close();
  }

  @Test
  void saysThatItKeepsNoRoster() {
    assertThatThrownBy(() -> registry.isOnline("42"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("roster=off");
  }

  private FakeConnection bound(String user) {
    FakeConnection connection = connection(user);
    registry.bind(connection);
    while (!asked.isEmpty()) {
      asked.remove().complete(null);
    }
    return connection;
  }

  private FakeConnection connection(String user) {
    return new FakeConnection(registry.newId(), user, lane);
  }
}
