package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.Envelope;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Payload;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** A user's connections open and close on two threads; whoever is bound gets what is sent. */
class InterestRaceTest {
  private static final int ROUNDS = 100_000;
  private static final NodeInfo SELF = NodeInfo.of(FakeConnection.NODE, 1);

  private final Broker broker = new Broker();
  private final Cluster cluster =
      new Cluster(
          SELF, NodeConfig.from(Settings.of(Map.of())), broker, Counters.NONE, Clock.systemUTC());
  private final LocalRegistry registry =
      new LocalRegistry(SELF, Counters.NONE, broker, null, cluster.closes());
  private final LocalDelivery delivery =
      new LocalDelivery(registry, cluster, Counters.NONE, Clock.systemUTC(), false, null);
  private final ConcurrentLinkedQueue<String> mistakes = new ConcurrentLinkedQueue<>();

  @Test
  void nothingPublishedAfterBindIsMissed() throws InterruptedException {
    run(this::bindAndUnbind);
    assertThat(mistakes).isEmpty();
    assertThat(registry.size()).isZero();
    assertThat(registry.interest().size()).isZero();
    assertThat(broker.subscribed).isEmpty();
  }

  @Test
  void nothingPublishedAfterJoinIsMissed() throws InterruptedException {
    run(this::joinAndLeave);
    assertThat(mistakes).isEmpty();
    assertThat(registry.interest().size()).as("everyone, for the two that stay").isEqualTo(1);
  }

  @Test
  void nothingIsMissedOnALaneThatIsBusy() throws InterruptedException {
    ManualLane lane = new ManualLane();
    AtomicBoolean over = new AtomicBoolean();
    Semaphore waiting = new Semaphore(200);
    Runnable write =
        () -> {
          lane.run();
          lane.written.clear();
        };
    Runnable keepBusy =
        () -> {
          if (waiting.tryAcquire()) {
            publish(Target.user("42"));
            lane.execute(waiting::release);
          }
        };
    List<Thread> others =
        List.of(
            new Thread(() -> repeat(over, write), "lane"),
            new Thread(() -> repeat(over, keepBusy), "publisher"));
    others.forEach(Thread::start);
    for (int i = 0; i < 500 && mistakes.isEmpty(); i++) {
      FakeConnection connection = new FakeConnection(registry.newId(), "7", lane);
      FakeConnection beside = new FakeConnection(registry.newId(), "42", lane);
      registry.bind(beside);
      registry.bind(connection);
      publish(Target.user("7"));
      expect(within(() -> !connection.frames.isEmpty()), "missed round " + i);
      registry.unbind(connection);
      registry.unbind(beside);
    }
    over.set(true);
    for (Thread other : others) {
      other.join();
    }
    assertThat(mistakes).isEmpty();
  }

  private static void repeat(AtomicBoolean over, Runnable task) {
    while (!over.get()) {
      task.run();
    }
  }

  private void bindAndUnbind(ManualLane lane) {
    Target user = Target.user("42");
    for (int i = 0; i < ROUNDS / 2 && mistakes.isEmpty(); i++) {
      FakeConnection connection = new FakeConnection(registry.newId(), "42", lane);
      expect(registry.bind(connection).toCompletableFuture().isDone(), "bind is pending");
      publish(user);
      expect(arrives(connection, lane), "user missed round " + i);
      registry.unbind(connection);
      lane.written.clear();
    }
    lane.run();
  }

  private void joinAndLeave(ManualLane lane) {
    Target topic = Target.topic("t");
    FakeConnection connection = new FakeConnection(registry.newId(), null, lane);
    registry.bind(connection);
    for (int i = 0; i < ROUNDS / 10 && mistakes.isEmpty(); i++) {
      registry.join(connection, "t");
      lane.run();
      connection.frames.clear();
      publish(topic);
      expect(arrives(connection, lane), "topic missed round " + i);
      registry.leave(connection, "t");
      lane.written.clear();
    }
    lane.run();
  }

  private void publish(Target target) {
    broker.publish(
        Envelope.builder(target, Payload.text("x")).id(Ids.next()).sentAt(Instant.EPOCH).build());
  }

  private void expect(boolean condition, String otherwise) {
    if (!condition) {
      mistakes.add(otherwise);
    }
  }

  /** The other thread may have the lane's next run still to announce. */
  private static boolean arrives(FakeConnection connection, ManualLane lane) {
    return within(
        () -> {
          lane.run();
          return !connection.frames.isEmpty();
        });
  }

  private static boolean within(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
    }
    return true;
  }

  private interface Work {
    void on(ManualLane lane);
  }

  private static void run(Work work) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      ManualLane lane = new ManualLane();
      threads.add(new Thread(() -> work.on(lane), "race-" + i));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Delivers at once to the one node there is, if it is subscribed. */
  private final class Broker implements MessageDriver {
    private final Set<Target> subscribed = ConcurrentHashMap.newKeySet();

    @Override
    public CompletionStage<Receipt> publish(Envelope envelope) {
      if (subscribed.contains(envelope.target())) {
        delivery.deliver(envelope, Arrival.LIVE);
      }
      return CompletableFuture.completedStage(
          Receipt.builder(envelope.id(), Receipt.Status.ACCEPTED).build());
    }

    @Override
    public CompletionStage<Void> subscribe(Collection<Target> targets) {
      expect(subscribed.addAll(targets), "subscribed twice");
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> unsubscribe(Collection<Target> targets) {
      expect(subscribed.removeAll(targets), "unsubscribed without a subscription");
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void relink() {}

    @Override
    public void close() {}
  }
}
