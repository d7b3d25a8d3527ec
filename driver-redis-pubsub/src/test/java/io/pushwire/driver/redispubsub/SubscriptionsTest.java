package io.pushwire.driver.redispubsub;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.ClosedException;
import io.pushwire.api.RefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubscriptionsTest {
  private long now;
  private final Subscriptions subscriptions = new Subscriptions(() -> now);
  private int connection;

  @Test
  void tellsOneCommandAtATimeAndCompletesWithItsLastReply() {
    connection = subscriptions.up();
    CompletableFuture<Void> both = subscribe("a", "b");
    Batch batch = subscriptions.next(connection);
    assertThat(batch.names()).containsExactly("a", "b");
    CompletableFuture<Void> later = subscribe("c");
    assertThat(subscriptions.next(connection)).isNull();
    confirm(1);
    assertThat(both).isNotDone();
    confirm(1);
    assertThat(both).isCompleted();
    assertThat(subscriptions.next(connection).names()).containsExactly("c");
    confirm(1);
    assertThat(later).isCompleted();
    assertThat(subscriptions.next(connection)).isNull();
  }

  @Test
  void staysPendingUntilTheLinkIsUp() {
    CompletableFuture<Void> stage = subscribe("a");
    assertThat(subscriptions.next(connection)).isNull();
    connection = subscriptions.up();
    run();
    assertThat(stage).isCompleted();
  }

  @Test
  void asksForManyInBatches() {
    connection = subscriptions.up();
    CompletableFuture<Void> all =
        subscribe(IntStream.range(0, 1200).mapToObj(i -> "c" + i).toArray(String[]::new));
    assertThat(run()).containsExactly("+512", "+512", "+176");
    assertThat(all).isCompleted();
  }

  @Test
  void aReloadCostsNothing() {
    connection = subscriptions.up();
    subscribe("a");
    run();
    unsubscribe("a");
    assertThat(run()).isEmpty();
    assertThat(subscribe("a")).isCompleted();
    pass(Duration.ofSeconds(10));
    assertThat(run()).isEmpty();
  }

  @Test
  void whatIsNotWantedAnyMoreGoesAfterAWhile() {
    connection = subscriptions.up();
    subscribe("a");
    run();
    unsubscribe("a");
    pass(Subscriptions.LINGER.minusMillis(1));
    assertThat(run()).isEmpty();
    pass(Duration.ofMillis(1));
    assertThat(run()).containsExactly("-1");
    assertThat(subscriptions.size()).isZero();
  }

  @Test
  void aUserWhoComesAndGoesHoldsUpNobodyWhoHasGone() {
    connection = subscriptions.up();
    subscribe("restless", "gone");
    run();
    for (int i = 0; i < 10; i++) {
      unsubscribe("restless", "gone");
      pass(Subscriptions.LINGER.minusMillis(1));
      subscribe("restless");
    }
    assertThat(run()).containsExactly("-1");
    assertThat(subscriptions.size()).isEqualTo(1);
  }

  @Test
  void whoComesAndGoesWhileTheLinkIsDownLeavesNothing() {
    connection = subscriptions.up();
    subscriptions.down();
    for (int i = 0; i < 1000; i++) {
      subscribe("user" + i);
      unsubscribe("user" + i);
    }
    pass(Subscriptions.LINGER);
    assertThat(subscriptions.size()).isZero();
  }

  @Test
  void subscribesAgainBehindAnUnsubscribeUnderWay() {
    connection = subscriptions.up();
    subscribe("a");
    run();
    unsubscribe("a");
    pass(Subscriptions.LINGER);
    assertThat(subscriptions.next(connection).isSubscribe()).isFalse();
    CompletableFuture<Void> again = subscribe("a");
    assertThat(subscriptions.next(connection)).isNull();
    confirm(1);
    assertThat(again).isNotDone();
    assertThat(run()).containsExactly("+1");
    assertThat(again).isCompleted();
  }

  @Test
  void anOvertakenSubscriptionCompletesAndIsForgotten() {
    CompletableFuture<Void> stage = subscribe("a");
    unsubscribe("a");
    assertThat(stage).isCompleted();
    connection = subscriptions.up();
    assertThat(run()).isEmpty();
    pass(Subscriptions.LINGER);
    assertThat(subscriptions.size()).isZero();
  }

  @Test
  void anUnsubscribeDuringTheSubscribeTakesEffectInTheEnd() {
    connection = subscriptions.up();
    subscribe("a");
    Batch batch = subscriptions.next(connection);
    unsubscribe("a");
    pass(Subscriptions.LINGER);
    confirm(1);
    assertThat(batch.isSubscribe()).isTrue();
    assertThat(run()).containsExactly("-1");
    assertThat(subscriptions.size()).isZero();
  }

  @Test
  void tellsAllAgainOnANewConnection() {
    connection = subscriptions.up();
    subscribe("a", "b", "c");
    run();
    unsubscribe("c");
    int old = connection;
    subscriptions.down();
    CompletableFuture<Void> meanwhile = subscribe("d");
    connection = subscriptions.up();
    assertThat(subscriptions.isRestored()).isFalse();
    assertThat(subscriptions.next(connection).names()).containsExactlyInAnyOrder("a", "b", "d");
    subscriptions.confirmed(old);
    confirm(2);
    assertThat(subscriptions.isRestored()).isFalse();
    assertThat(meanwhile).isNotDone();
    confirm(1);
    assertThat(subscriptions.isRestored()).isTrue();
    assertThat(meanwhile).isCompleted();
  }

  @Test
  void refusesOnlyWhatIsAtFault() {
    connection = subscriptions.up();
    List<CompletableFuture<Void>> stages =
        IntStream.range(0, 100).mapToObj(i -> subscribe("c" + i)).toList();
    CompletableFuture<Void> mixed = subscribe("c7", "other");
    run("c7", "c99");
    for (int i = 0; i < 100; i++) {
      if (i == 7 || i == 99) {
        assertThat(stages.get(i)).isCompletedExceptionally();
      } else {
        assertThat(stages.get(i)).isCompleted();
      }
    }
    assertThat(mixed)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(RefusedException.class);
    assertThat(subscriptions.size()).isEqualTo(99);
    assertThat(subscriptions.isRestored()).isTrue();
  }

  @Test
  void triesWhatItHeldAgainOnTheNextConnection() {
    connection = subscriptions.up();
    subscribe("a", "b");
    run();
    subscriptions.down();
    connection = subscriptions.up();
    run("a");
    assertThat(subscriptions.isRestored()).isTrue();
    subscriptions.down();
    connection = subscriptions.up();
    assertThat(run()).containsExactly("+2");
  }

  @Test
  void failsWhatIsPendingWhenItCloses() {
    CompletableFuture<Void> stage = subscribe("a");
    subscriptions.close().forEach(Runnable::run);
    assertThat(stage)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(ClosedException.class);
    assertThat(subscribe("b")).isCompletedExceptionally();
  }

  private CompletableFuture<Void> subscribe(String... names) {
    CompletionStage<Void> stage = subscriptions.subscribe(List.of(names));
    return stage.toCompletableFuture();
  }

  private void unsubscribe(String... names) {
    subscriptions.unsubscribe(List.of(names)).forEach(Runnable::run);
  }

  private void pass(Duration time) {
    now += time.toNanos();
    subscriptions.sweep();
  }

  private void confirm(int count) {
    for (int i = 0; i < count; i++) {
      List<Runnable> done = subscriptions.confirmed(connection);
      if (done != null) {
        done.forEach(Runnable::run);
      }
    }
  }

  /** A Redis that refuses some channels; returns the commands it did. */
  private List<String> run(String... refused) {
    List<String> done = new ArrayList<>();
    for (Batch batch = subscriptions.next(connection);
        batch != null;
        batch = subscriptions.next(connection)) {
      List<String> names = List.of(batch.names());
      if (names.stream().anyMatch(List.of(refused)::contains)) {
        subscriptions
            .refused(batch, new RefusedException(names.get(0), null))
            .forEach(Runnable::run);
      } else {
        done.add((batch.isSubscribe() ? "+" : "-") + names.size());
        confirm(names.size());
      }
    }
    return done;
  }
}
