package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.ClosedException;
import io.pushwire.api.ConfigurationException;
import io.pushwire.api.Envelope;
import io.pushwire.api.Payload;
import io.pushwire.api.PublishException;
import io.pushwire.api.PushwireException;
import io.pushwire.api.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LazyLinkTest {
  private final FakeDriver driver = new FakeDriver();
  private final AtomicBoolean brokerIsThere = new AtomicBoolean();
  private final LazyLink link = new LazyLink();
  private final Supplier<MessageDriver> open =
      () -> {
        if (!brokerIsThere.get()) {
          throw new PushwireException("no broker");
        }
        return driver;
      };

  @AfterEach
  void close() {
    link.close();
  }

  @Test
  void passesEverythingOnOnceOpen() {
    brokerIsThere.set(true);
    link.open(open, false);
    link.subscribe(users("1"));
    link.unsubscribe(users("1"));
    link.relink();
    link.publish(envelope());
    link.close();
    assertThat(driver.calls)
        .containsExactly("subscribe [user 1]", "unsubscribe [user 1]", "relink", "close");
    assertThat(driver.published).hasSize(1);
  }

  @Test
  void failsToOpenWithoutABrokerUnlessLazy() {
    assertThatThrownBy(() -> link.open(open, false)).hasMessage("no broker");
  }

  @Test
  void failsToOpenWithWrongSettingsEvenIfLazy() {
    assertThatThrownBy(
            () ->
                link.open(
                    () -> {
                      throw new ConfigurationException("driver.x.uri: wrong");
                    },
                    true))
        .isInstanceOf(ConfigurationException.class);
  }

  @Test
  void callsWhatWaitedInOrderAndBeforeAnythingNew() throws Exception {
    link.open(open, true);
    CompletableFuture<Void> first = link.subscribe(users("1")).toCompletableFuture();
    CompletableFuture<Void> last = link.subscribe(users("2")).toCompletableFuture();
    CompletableFuture<Void> next = last.thenRun(() -> link.subscribe(users("3")));
    assertThat(first).isNotDone();
    brokerIsThere.set(true);
    next.get(10, TimeUnit.SECONDS);
    assertThat(driver.calls)
        .containsExactly("subscribe [user 1]", "subscribe [user 2]", "subscribe [user 3]");
  }

  @Test
  void whoComesAndGoesWithoutABrokerLeavesNothing() throws Exception {
    link.open(open, true);
    CompletableFuture<Void> left = link.subscribe(users("left")).toCompletableFuture();
    link.unsubscribe(users("left"));
    left.get(10, TimeUnit.SECONDS);
    link.subscribe(users("back"));
    link.unsubscribe(users("back"));
    CompletableFuture<Void> back = link.subscribe(users("back")).toCompletableFuture();
    assertThat(back).isNotDone();
    brokerIsThere.set(true);
    back.get(10, TimeUnit.SECONDS);
    assertThat(driver.calls).containsExactly("subscribe [user back]");
  }

  @Test
  void publishesFailUntilTheBrokerIsThereAndWorkOnceASubscriptionIsDone() throws Exception {
    link.open(open, true);
    assertThat(link.publish(envelope()))
        .failsWithin(1, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(PublishException.class);
    // whoever hears that he is reachable may count on being able to send
    CompletableFuture<Void> sent =
        link.subscribe(users("1"))
            .thenCompose(done -> link.publish(envelope()))
            .thenAccept(receipt -> {})
            .toCompletableFuture();
    brokerIsThere.set(true);
    sent.get(10, TimeUnit.SECONDS);
  }

  @Test
  void tellsARefusalThatWaited() {
    link.open(open, true);
    driver.onSubscribe = targets -> CompletableFuture.failedStage(new PushwireException("refused"));
    CompletableFuture<Void> refused = link.subscribe(users("1")).toCompletableFuture();
    brokerIsThere.set(true);
    assertThat(refused)
        .failsWithin(10, TimeUnit.SECONDS)
        .withThrowableThat()
        .withMessageContaining("refused");
  }

  @Test
  void survivesADriverThatThrowsAtWhatWaited() {
    link.open(open, true);
    driver.onSubscribe =
        targets -> {
          throw new IllegalStateException("thrown");
        };
    CompletableFuture<Void> failed = link.subscribe(users("1")).toCompletableFuture();
    brokerIsThere.set(true);
    assertThat(failed)
        .failsWithin(10, TimeUnit.SECONDS)
        .withThrowableThat()
        .withMessageContaining("thrown");
    assertThat(link.publish(envelope())).succeedsWithin(1, TimeUnit.SECONDS);
  }

  @Test
  void closesADriverThatOpensTooLate() throws Exception {
    CountDownLatch opening = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    List<String> tries = new ArrayList<>();
    link.open(
        () -> {
          if (tries.isEmpty()) {
            tries.add("first");
            throw new PushwireException("no broker");
          }
          opening.countDown();
          awaitUninterruptibly(goOn);
          return driver;
        },
        true);
    CompletableFuture<Void> waiting = link.subscribe(users("1")).toCompletableFuture();
    assertThat(opening.await(10, TimeUnit.SECONDS)).isTrue();
    link.close();
    assertThat(waiting)
        .failsWithin(1, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(ClosedException.class);
    goOn.countDown();
    await().untilAsserted(() -> assertThat(driver.calls).containsExactly("close"));
  }

  @Test
  void refusesEverythingAfterClose() {
    link.open(open, true);
    link.close();
    assertThat(link.publish(envelope()))
        .failsWithin(1, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(ClosedException.class);
    assertThat(link.subscribe(users("1")))
        .failsWithin(1, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(ClosedException.class);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<Target> users(String id) {
    return List.of(Target.user(id));
  }

  private static Envelope envelope() {
    return Envelope.builder(Target.user("1"), Payload.text("x"))
        .id(Ids.next())
        .sentAt(Instant.now())
        .build();
  }
}
