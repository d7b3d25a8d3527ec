package io.pushwire.core;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.Envelope;
import io.pushwire.api.NodeId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Payload;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The way of a message from the driver to its lane: {@link LocalDelivery#deliver}, the hand-over,
 * and the members found. 10,000 users with a connection each, one lane, which does not write.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class DeliveryBenchmark {
  private static final int USERS = 10_000;
  private static final int BURST = 64;
  private static final int STEP = 7919; // a prime: no user near the one before
  private static final NodeInfo SELF = NodeInfo.of(new NodeId("node"), 1);

  private final Silent driver = new Silent();
  private final Cluster cluster =
      new Cluster(
          SELF, NodeConfig.from(Settings.of(Map.of())), driver, Counters.NONE, Clock.systemUTC());
  private final LocalRegistry registry =
      new LocalRegistry(SELF, Counters.NONE, driver, null, cluster.closes());
  private final LocalDelivery delivery =
      new LocalDelivery(registry, cluster, Counters.NONE, Clock.systemUTC(), false, null);
  private final Inline lane = new Inline();
  private final Envelope[] toUsers = new Envelope[USERS];
  private final Envelope toEveryone = envelope(Target.everyone());
  private int at;

  /** Connects the users. */
  @Setup
  public void connect() {
    for (int i = 0; i < USERS; i++) {
      registry.bind(new Someone(registry.newId(), "user" + i, lane));
      toUsers[i] = envelope(Target.user("user" + i));
    }
    lane.run();
  }

  private static Envelope envelope(Target target) {
    return Envelope.builder(target, Payload.text("x")).id(Ids.next()).sentAt(Instant.now()).build();
  }

  /**
   * Messages to one user each, as many at once as a driver often has.
   *
   * @return what they were for
   */
  @Benchmark
  @OperationsPerInvocation(BURST)
  public int toOneUserEach() {
    for (int i = 0; i < BURST; i++) {
      at = (at + STEP) % USERS;
      delivery.deliver(toUsers[at], Arrival.LIVE);
    }
    lane.run();
    return lane.members;
  }

  /**
   * A message to everyone.
   *
   * @return how many got it
   */
  @Benchmark
  public int toEveryone() {
    delivery.deliver(toEveryone, Arrival.LIVE);
    lane.run();
    return lane.members;
  }

  /** Runs its tasks when it is told to. */
  private static final class Inline implements Lane {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private int members;

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    void run() {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
    }

    @Override
    public void write(Members to, Envelope envelope, WriteListener listener) {
      members = to.size();
    }

    @Override
    public void flush() {}
  }

  private record Someone(ConnectionId id, String name, Lane lane) implements Connection {
    @Override
    public Optional<String> user() {
      return Optional.of(name);
    }

    @Override
    public void close(int code, String reason) {}
  }

  /** A driver that has nothing to do. */
  private static final class Silent implements MessageDriver {
    private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

    @Override
    public CompletionStage<Receipt> publish(Envelope envelope) {
      throw new UnsupportedOperationException("nothing is published here");
    }

    @Override
    public CompletionStage<Void> subscribe(Collection<Target> targets) {
      return DONE;
    }

    @Override
    public CompletionStage<Void> unsubscribe(Collection<Target> targets) {
      return DONE;
    }

    @Override
    public void relink() {}

    @Override
    public void close() {}
  }
}
