package io.pushwire.example.nats;

import io.pushwire.api.ClosedException;
import io.pushwire.api.Envelope;
import io.pushwire.api.PublishException;
import io.pushwire.api.PushwireException;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.core.Arrival;
import io.pushwire.core.Counters;
import io.pushwire.core.DriverContext;
import io.pushwire.core.Interruption;
import io.pushwire.core.MalformedException;
import io.pushwire.core.MessageDriver;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Keeps a link to NATS, and on it the subscriptions that the node wants. */
final class NatsDriver implements MessageDriver {
  final ScheduledThreadPoolExecutor worker;
  private final DriverContext context;
  private final String uri;
  private final NatsSubjects subjects;
  private final Semaphore bytesUnderWay = new Semaphore(32 * 1024 * 1024);
  private final ReentrantLock delivering = new ReentrantLock();
  private final Set<String> wanted; // guarded by this
  private volatile CompletableFuture<NatsLink> link = new CompletableFuture<>(); // not done: away
  private volatile Instant lastHeard = Instant.now();
  private volatile boolean closed;

  private NatsDriver(DriverContext context, String uri, NatsSubjects subjects) {
    this.context = context;
    this.uri = uri;
    this.subjects = subjects;
    this.wanted = new HashSet<>(subjects.implied(context.self()));
    String name = "pushwire-nats-" + context.self().id();
    worker =
        new ScheduledThreadPoolExecutor(1, task -> new Thread(task, name), new DiscardPolicy());
    worker.scheduleWithFixedDelay(() -> ifLinked(this::reportDropped), 1, 1, TimeUnit.SECONDS);
  }

  static NatsDriver open(DriverContext context, String uri, NatsSubjects subjects) {
    NatsDriver driver = new NatsDriver(context, uri, subjects);
    try {
      driver.link().join();
      return driver;
    } catch (IOException | InterruptedException | RuntimeException e) {
      driver.close();
      throw new PushwireException(
          "NATS cannot be used (" + e.getMessage() + "): start it, or correct driver.nats.uri", e);
    }
  }

  /** Makes a link; done when all that is wanted is subscribed on it. */
  private CompletableFuture<Void> link() throws IOException, InterruptedException {
    NatsLink fresh = new NatsLink(this, uri);
    synchronized (this) {
      wanted.forEach(fresh.incoming::subscribe);
      if (!link.complete(fresh)) { // closed meanwhile
        fresh.close();
      }
    }
    return fresh.answered();
  }

  synchronized void lost(NatsLink gone) {
    if (!closed && link.getNow(null) == gone) {
      Instant since = lastHeard;
      link = new CompletableFuture<>();
      worker.execute(() -> linkAgain(gone, since));
    }
  }

  private void linkAgain(NatsLink gone, Instant since) {
    try {
      gone.close();
      link().thenRun(() -> missed(since, "the link to NATS was lost"));
    } catch (IOException | InterruptedException | IllegalStateException e) {
      long away = Math.min(1000, since.until(Instant.now(), ChronoUnit.MILLIS));
      long pause = ThreadLocalRandom.current().nextLong(away / 2, away + 50);
      worker.schedule(() -> linkAgain(gone, since), pause, TimeUnit.MILLISECONDS);
    }
  }

  private void reportDropped(NatsLink from) {
    long dropped = from.incoming.getDroppedCount();
    if (dropped > 0) {
      from.incoming.clearDroppedCount();
      context.counters().dropped(Counters.Reason.OVERFLOW, dropped);
      missed(Instant.now().minusSeconds(1), "NATS brought more than could be delivered");
    }
  }

  private void missed(Instant since, String why) {
    context.delivery().interrupted(Interruption.of(since, Instant.now(), why));
  }

  /** On a link that is over calls fail in vain: the next one is made from what is wanted. */
  private void ifLinked(Consumer<NatsLink> call) {
    if (link.isDone()) {
      link.thenAccept(call);
    }
  }

  @Override
  public CompletionStage<Receipt> publish(Envelope envelope) {
    String subject = subjects.of(envelope.target());
    byte[] bytes = context.codec().encode(envelope);
    int cost = bytes.length + 256;
    CompletableFuture<NatsLink> to = link;
    if (closed || !to.isDone() || !bytesUnderWay.tryAcquire(cost)) {
      return CompletableFuture.failedStage(
          closed ? closedException() : new PublishException("NATS is away, or does not keep up"));
    }
    return to.thenCompose(l -> l.publish(subject, bytes))
        .handle(
            (done, e) -> {
              bytesUnderWay.release(cost);
              if (e != null) {
                throw new PublishException("NATS did not take it: " + e.getMessage(), e);
              }
              return Receipt.builder(envelope.id(), Receipt.Status.ACCEPTED).build();
            });
  }

  @Override
  public synchronized CompletionStage<Void> subscribe(Collection<Target> targets) {
    for (Target target : targets) {
      wanted.add(subjects.of(target));
      ifLinked(to -> to.incoming.subscribe(subjects.of(target)));
    }
    return inEffect();
  }

  /** If this link does not answer, the next one will. */
  private CompletionStage<Void> inEffect() {
    return closed
        ? CompletableFuture.failedStage(closedException())
        : link.thenCompose(NatsLink::answered).exceptionallyCompose(e -> inEffect());
  }

  @Override
  public synchronized CompletionStage<Void> unsubscribe(Collection<Target> targets) {
    for (Target target : targets) {
      wanted.remove(subjects.of(target));
      ifLinked(to -> to.incoming.unsubscribe(subjects.of(target)));
    }
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void relink() {
    ifLinked(this::lost);
  }

  void receive(NatsLink from, byte[] bytes) {
    delivering.lock();
    try {
      if (!closed && link.getNow(null) == from) { // what an old link still brings would be late
        lastHeard = Instant.now();
        context.delivery().deliver(context.codec().decode(bytes), Arrival.LIVE);
      }
    } catch (MalformedException e) {
      context.counters().dropped(Counters.Reason.MALFORMED, 1);
    } finally {
      delivering.unlock();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      link.completeExceptionally(closedException()); // if it is not done
    }
    worker.shutdownNow();
    try {
      worker.awaitTermination(2, TimeUnit.SECONDS);
      ifLinked(NatsLink::close);
      if (delivering.tryLock(2, TimeUnit.SECONDS)) { // the last delivery is over
        delivering.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ClosedException closedException() {
    return new ClosedException("The NATS driver");
  }
}
