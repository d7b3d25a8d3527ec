package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.ClosedException;
import io.pushwire.api.PublishException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinkKeeperTest implements LinkOwner<String> {
  private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(1);
  private final LinkKeeper<String> links = new LinkKeeper<>("link to the broker", this, executor);
  private final AtomicInteger opened = new AtomicInteger();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private volatile CompletableFuture<Void> subscribed = CompletableFuture.completedFuture(null);
  private volatile boolean away;
  private volatile int failures; // of the next calls of up; below zero, of down

  @Override
  public CompletionStage<String> open() throws IOException {
    if (away) {
      throw new IOException("refused");
    }
    return CompletableFuture.completedStage("link " + opened.incrementAndGet());
  }

  @Override
  public CompletionStage<Void> up(String link) {
    calls.add("up " + link);
    if (failures > 0) {
      failures--;
      throw new IllegalStateException("no subscribing");
    }
    return subscribed;
  }

  @Override
  public void down(String link, String why) {
    calls.add("down " + link + ": " + why);
    if (failures < 0) {
      failures++;
      throw new IllegalStateException("no closing");
    }
  }

  @Override
  public void restored(Interruption gap) {
    calls.add("restored: " + gap.reason());
  }

  @AfterEach
  void stop() {
    links.close();
    executor.shutdownNow();
  }

  @Test
  void theFirstFailureIsTheCallersAndNothingIsTriedAgain() {
    away = true;
    assertThat(links.start()).failsWithin(1, TimeUnit.SECONDS);
    assertThat(links.current()).isNull();
    assertThat(calls).isEmpty();
  }

  @Test
  void aLostLinkIsReplacedAndWhatWasMissedReported() {
    links.start();
    String first = links.current();
    links.lost(first, "it was cut");
    links.lost(first, "twice told");
    await().until(() -> "link 2".equals(links.current()));
    await()
        .untilAsserted(
            () ->
                assertThat(calls)
                    .containsExactly(
                        "up link 1",
                        "down link 1: it was cut",
                        "up link 2",
                        "restored: The link to the broker was lost: it was cut"));
  }

  @Test
  void aGapThatIsNotOverWhenTheNextLinkIsLostTooIsReportedOnce() {
    links.start();
    subscribed = new CompletableFuture<>();
    links.lost(links.current(), "first");
    await().until(() -> "link 2".equals(links.current()));
    CompletableFuture<Void> late = subscribed;
    subscribed = CompletableFuture.completedFuture(null);
    links.lost(links.current(), "second");
    await().until(() -> calls.contains("restored: The link to the broker was lost: second"));
    late.complete(null);
    assertThat(calls).filteredOn(call -> call.startsWith("restored")).hasSize(1);
  }

  @Test
  void whoAsksForALinkGetsTheNextOne() {
    links.start();
    away = true;
    links.lost(links.current(), "the broker has gone");
    CompletableFuture<String> next = links.link().toCompletableFuture();
    assertThat(next).isNotDone();
    assertThat(links.away()).isInstanceOf(PublishException.class);
    away = false;
    await().until(next::isDone);
    assertThat(next).isCompletedWithValue("link 2");
  }

  @Test
  void whatAnOldLinkBringsIsLate() {
    links.start();
    String old = Objects.requireNonNull(links.current());
    links.receive(old, () -> calls.add("a"));
    links.lost(old, "it was cut");
    links.receive(old, () -> calls.add("b"));
    assertThat(calls).contains("a").doesNotContain("b");
  }

  @Test
  void closeHandsBackTheLinkAndFailsWhoWaits() {
    links.start();
    assertThat(links.close()).isEqualTo("link 1");
    assertThat(links.close()).isNull();
    assertThat(calls).containsExactly("up link 1");
    assertThat(links.away()).isInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> links.link().toCompletableFuture().join())
        .hasCauseInstanceOf(ClosedException.class);
  }

  @Test
  void publishesAtOnceOrNotAtAll() {
    LinkPublisher<String> publisher = new LinkPublisher<>(links, 2000, "send more slowly");
    assertThatThrownBy(() -> publish(publisher, new CompletableFuture<>()).join())
        .hasCauseInstanceOf(PublishException.class)
        .hasMessageContaining("There is no link to the broker");
    links.start();
    CompletableFuture<String> answer = new CompletableFuture<>();
    CompletableFuture<String> first = publish(publisher, answer);
    assertThatThrownBy(() -> publish(publisher, answer).join())
        .hasMessageContaining("More than 2000 bytes wait for the broker: send more slowly");
    answer.completeExceptionally(new IOException("disk full"));
    assertThatThrownBy(first::join)
        .hasCauseInstanceOf(PublishException.class)
        .hasMessageContaining("disk full");
    assertThat(publish(publisher, CompletableFuture.completedFuture("taken")).join())
        .isEqualTo("taken");
  }

  @Test
  void whatTheDriverSaysOfAPublishIsNotSaidAgain() {
    LinkPublisher<String> publisher = new LinkPublisher<>(links, 2000, "send more slowly");
    links.start();
    CompletableFuture<String> answer = new CompletableFuture<>();
    CompletableFuture<String> failed = publish(publisher, answer);
    PublishException why = new PublishException("it is full");
    answer.completeExceptionally(why);
    assertThatThrownBy(failed::join).cause().isSameAs(why);
  }

  @Test
  void aLinkOnWhichNothingCanBeSubscribedIsLost() {
    links.start();
    failures = 1;
    links.lost(links.current(), "it was cut");
    await().until(() -> "link 3".equals(links.current()));
    await().until(() -> calls.stream().anyMatch(call -> call.startsWith("restored")));
    assertThat(calls).contains("up link 2", "down link 2: it could not be used: no subscribing");
  }

  @Test
  void aLinkThatCannotBeClosedIsReplaced() {
    links.start();
    failures = -1;
    links.lost(links.current(), "it was cut");
    await().until(() -> "link 2".equals(links.current()));
  }

  private static CompletableFuture<String> publish(
      LinkPublisher<String> publisher, CompletableFuture<String> answer) {
    return publisher.publish(1000, link -> answer).toCompletableFuture();
  }
}
