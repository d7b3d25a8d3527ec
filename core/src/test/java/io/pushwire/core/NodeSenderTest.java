package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushwire.api.BatchReceipt;
import io.pushwire.api.ClosedException;
import io.pushwire.api.ConnectionId;
import io.pushwire.api.Envelope;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Payload;
import io.pushwire.api.PublishException;
import io.pushwire.api.Receipt;
import io.pushwire.api.SendOptions;
import io.pushwire.api.Target;
import io.pushwire.api.WhenOffline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodeSenderTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final Payload X = Payload.text("x");
  private static final Target USER = Target.user("42");
  private static final SendOptions QUEUE =
      SendOptions.builder().whenOffline(WhenOffline.QUEUE).build();

  private final FakeDriver driver = new FakeDriver();
  private final InMemoryCounters counters = new InMemoryCounters();
  private final NodeSender sender = sender();
  private final NodeSender storing = sender(Capability.STORES_FOR_OFFLINE_USERS);

  @Test
  void makesTheEnvelope() {
    ConnectionId not = new ConnectionId(FakeConnection.NODE, 1, 1);
    SendOptions options =
        SendOptions.builder()
            .ttl(Duration.ofSeconds(5))
            .except(Set.of(not))
            .header("traceparent", "00")
            .build();
    Receipt receipt = sender.send(USER, X, options).toCompletableFuture().join();
    Envelope sent = driver.published.get(0);
    assertThat(sent.target()).isEqualTo(USER);
    assertThat(sent.payload()).isSameAs(X);
    assertThat(sent.kind()).isEqualTo(Envelope.Kind.MESSAGE);
    assertThat(sent.origin()).contains(FakeConnection.NODE);
    assertThat(sent.sentAt()).isEqualTo(NOW);
    assertThat(sent.ttl()).contains(Duration.ofSeconds(5));
    assertThat(sent.except()).containsExactly(not);
    assertThat(sent.headers()).containsEntry("traceparent", "00");
    assertThat(sent.idGiven()).isFalse();
    assertThat(sent.whenOffline()).contains(WhenOffline.DROP);
    assertThat(receipt.id()).isEqualTo(sent.id());
    assertThat(receipt.whenOffline()).contains(WhenOffline.DROP);
    assertThat(counters.publishedCount()).isEqualTo(1);
  }

  @Test
  void aGivenIdServesAllTargets() {
    UUID id = Ids.derive("s", "1");
    SendOptions options = SendOptions.builder().id(id).build();
    sender.send(USER, X, options);
    sender.send(List.of(USER, Target.topic("t")), X, options);
    assertThat(driver.published).hasSize(3);
    assertThat(driver.published).allMatch(e -> e.id().equals(id) && e.idGiven());
  }

  @Test
  void usersMessagesWaitByDefaultWhereTheDriverStoresThem() {
    driver.onPublish =
        envelope ->
            CompletableFuture.completedStage(
                Receipt.builder(envelope.id(), Receipt.Status.STORED)
                    .waiting(3)
                    .receivers(0)
                    .build());
    Receipt receipt = storing.send(USER, X).toCompletableFuture().join();
    assertThat(receipt.whenOffline()).contains(WhenOffline.QUEUE);
    assertThat(receipt.waiting()).hasValue(3);
    assertThat(receipt.receivers()).hasValue(0);
    assertThat(counters.storedCount()).isEqualTo(1);
    assertThat(storing.send(Target.topic("t"), X).toCompletableFuture().join().whenOffline())
        .isEmpty();
    assertThat(driver.published.get(1).whenOffline()).isEmpty();
  }

  @Test
  void refusesToQueueWithoutADriverThatStores() {
    assertThatThrownBy(() -> sender.send(USER, X, QUEUE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "whenOffline=QUEUE: the driver 'fake' keeps nothing for users who are offline; leave it"
                + " out, or choose a driver that stores messages");
    assertThat(driver.published).isEmpty();
  }

  @Test
  void refusesToQueueForAnythingButUsers() {
    for (Target target : List.of(Target.topic("t"), Target.everyone())) {
      assertThatThrownBy(() -> storing.send(target, X, QUEUE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("whenOffline=QUEUE is for users; nothing waits for " + target);
    }
    assertThatThrownBy(() -> storing.send(List.of(USER, Target.topic("t")), X, QUEUE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(driver.published).as("not even to the first one").isEmpty();
  }

  @Test
  void refusesNodes() {
    for (Target target : List.of(new Target.Node(FakeConnection.NODE), new Target.Nodes())) {
      assertThatThrownBy(() -> sender.send(target, X)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> sender.send(List.of(USER, target), X, SendOptions.NONE))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(driver.published).isEmpty();
  }

  @Test
  void refusesOversizeAtOnce() {
    sender.send(USER, Payload.binary(new byte[100]));
    assertThatThrownBy(() -> sender.send(USER, Payload.binary(new byte[101])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The payload has 101 bytes, message.max-size allows 100");
    assertThatThrownBy(
            () -> sender.send(List.of(USER), Payload.binary(new byte[101]), SendOptions.NONE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(driver.published).hasSize(1);
  }

  @Test
  void refusesAfterClose() {
    sender.close();
    assertThatThrownBy(() -> sender.send(USER, X)).isInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> sender.send(List.of(USER), X, SendOptions.NONE))
        .isInstanceOf(ClosedException.class);
  }

  @Test
  void whatTheBrokerDoesNotTakeFailsTheStage() {
    driver.onPublish = envelope -> CompletableFuture.failedStage(new PublishException("down"));
    assertThat(sender.send(USER, X))
        .failsWithin(1, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(PublishException.class);
    driver.onPublish =
        envelope -> {
          throw new PublishException("thrown");
        };
    assertThat(sender.send(USER, X))
        .failsWithin(1, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(PublishException.class);
    assertThat(counters.publishedCount()).isZero();
  }

  @Test
  void sendsToEachTargetOnce() {
    BatchReceipt receipt = batch(List.of(USER, Target.topic("t"), USER));
    assertThat(receipt.count(Receipt.Status.ACCEPTED)).isEqualTo(2);
    assertThat(driver.published).hasSize(2);
    assertThat(batch(List.of()).count(Receipt.Status.ACCEPTED)).isZero();
  }

  @Test
  void keepsNoMoreUnderWayThanItsWindow() throws Exception {
    Deque<Runnable> answers = new ArrayDeque<>();
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    driver.onPublish =
        envelope -> {
          CompletableFuture<Receipt> stage = new CompletableFuture<>();
          most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
          answers.add(
              () -> {
                underWay.decrementAndGet();
                stage.complete(Receipt.builder(envelope.id(), Receipt.Status.ACCEPTED).build());
              });
          return stage;
        };
    CompletableFuture<BatchReceipt> receipt =
        sender.send(users(100_000), X, SendOptions.NONE).toCompletableFuture();
    while (!answers.isEmpty()) {
      answers.remove().run();
    }
    assertThat(receipt.get(1, TimeUnit.SECONDS).count(Receipt.Status.ACCEPTED)).isEqualTo(100_000);
    assertThat(most).hasValue(Batch.WINDOW);
  }

  @Test
  void sendsToAHundredThousandOnADriverThatAnswersAtOnce() {
    assertThat(batch(users(100_000)).count(Receipt.Status.ACCEPTED)).isEqualTo(100_000);
  }

  @Test
  void sendsToAHundredThousandOnADriverThatAnswersOnManyThreads() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      driver.onPublish =
          envelope ->
              CompletableFuture.supplyAsync(
                  () -> Receipt.builder(envelope.id(), Receipt.Status.NOBODY).build(), threads);
      BatchReceipt receipt =
          sender
              .send(users(100_000), X, SendOptions.NONE)
              .toCompletableFuture()
              .get(30, TimeUnit.SECONDS);
      assertThat(receipt.count(Receipt.Status.NOBODY)).isEqualTo(100_000);
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void countsAllFailuresAndListsTheFirst() {
    driver.onPublish =
        envelope ->
            envelope.target().equals(USER)
                ? CompletableFuture.completedStage(
                    Receipt.builder(envelope.id(), Receipt.Status.ACCEPTED).build())
                : CompletableFuture.failedStage(new PublishException("down"));
    BatchReceipt receipt = batch(users(5000));
    assertThat(receipt.failed()).isEqualTo(4999);
    assertThat(receipt.count(Receipt.Status.ACCEPTED)).isEqualTo(1);
    assertThat(receipt.failures()).hasSize(BatchReceipt.MAX_FAILURES);
    assertThat(receipt.failures().values()).allMatch(PublishException.class::isInstance);
  }

  private BatchReceipt batch(Collection<Target> targets) {
    return sender.send(targets, X, SendOptions.NONE).toCompletableFuture().join();
  }

  private static List<Target> users(int count) {
    return IntStream.range(0, count).mapToObj(i -> Target.user(Integer.toString(i))).toList();
  }

  private NodeSender sender(Capability... capabilities) {
    Set<Capability> claims = EnumSet.noneOf(Capability.class);
    claims.addAll(List.of(capabilities));
    MessageDriverProvider provider =
        new MessageDriverProvider() {
          @Override
          public String name() {
            return "fake";
          }

          @Override
          public Set<Capability> capabilities() {
            return claims;
          }

          @Override
          public MessageDriver open(DriverContext context) {
            return driver;
          }
        };
    return new NodeSender(
        NodeInfo.of(FakeConnection.NODE, 1),
        driver,
        provider,
        counters,
        Clock.fixed(NOW, ZoneOffset.UTC),
        100);
  }
}
