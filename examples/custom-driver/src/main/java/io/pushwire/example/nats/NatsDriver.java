package io.pushwire.example.nats;

import io.pushwire.api.Envelope;
import io.pushwire.api.PushwireException;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.core.Arrival;
import io.pushwire.core.Counters;
import io.pushwire.core.DriverContext;
import io.pushwire.core.Interruption;
import io.pushwire.core.LinkKeeper;
import io.pushwire.core.LinkOwner;
import io.pushwire.core.LinkPublisher;
import io.pushwire.core.MessageDriver;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;

/** Keeps a link to NATS, and on it the subscriptions that the node wants. */
final class NatsDriver implements MessageDriver, LinkOwner<NatsLink> {
  final ScheduledExecutorService worker;
  final LinkKeeper<NatsLink> links;
  private final DriverContext context;
  private final String uri;
  private final NatsSubjects subjects;
  private final LinkPublisher<NatsLink> publisher;
  private final Set<String> wanted; // guarded by this

  NatsDriver(DriverContext context, String uri, NatsSubjects subjects) {
    this.context = context;
    this.uri = uri;
    this.subjects = subjects;
    this.wanted = new HashSet<>(subjects.implied(context.self()));
    String name = "pushwire-nats-" + context.self().id();
    // two, since one may wait for an answer on a link that is over
    worker =
        new ScheduledThreadPoolExecutor(2, task -> new Thread(task, name), new DiscardPolicy());
    links = new LinkKeeper<>("link to NATS", this, worker);
    publisher = new LinkPublisher<>(links, 32 * 1024 * 1024, "send more slowly");
  }

  NatsDriver start() {
    try {
      links.start().toCompletableFuture().join();
      Runnable look = () -> links.ifUp(this::reportDropped);
      worker.scheduleWithFixedDelay(look, 1, 1, TimeUnit.SECONDS);
      return this;
    } catch (CompletionException e) {
      close();
      throw new PushwireException(
          "NATS cannot be used (" + e.getMessage() + "): start it, or correct driver.nats.uri", e);
    }
  }

  @Override
  public CompletionStage<NatsLink> open() throws IOException, InterruptedException {
    return CompletableFuture.completedStage(new NatsLink(this, uri));
  }

  @Override
  public synchronized CompletionStage<Void> up(NatsLink link) {
    wanted.forEach(link.incoming::subscribe);
    return link.answered();
  }

  @Override
  public void down(NatsLink link, String why) {
    link.close();
  }

  @Override
  public void restored(Interruption gap) {
    context.delivery().interrupted(gap);
  }

  @Override
  public CompletionStage<Receipt> publish(Envelope envelope) {
    byte[] bytes = context.codec().encode(envelope);
    return publisher
        .publish(bytes.length, link -> link.publish(subjects.of(envelope.target()), bytes))
        .thenApply(done -> Receipt.builder(envelope.id(), Receipt.Status.ACCEPTED).build());
  }

  @Override
  public synchronized CompletionStage<Void> subscribe(Collection<Target> targets) {
    for (Target target : targets) {
      wanted.add(subjects.of(target));
      links.ifUp(to -> to.incoming.subscribe(subjects.of(target)));
    }
    return inEffect();
  }

  /** If this link does not answer, the next one will. */
  private CompletionStage<Void> inEffect() {
    return links.link().thenCompose(to -> to.answered().exceptionallyCompose(e -> inEffect()));
  }

  @Override
  public synchronized CompletionStage<Void> unsubscribe(Collection<Target> targets) {
    for (Target target : targets) {
      wanted.remove(subjects.of(target));
      links.ifUp(to -> to.incoming.unsubscribe(subjects.of(target)));
    }
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void relink() {
    links.lost(links.current(), "nothing comes through");
  }

  void receive(NatsLink from, byte[] bytes) {
    links.receive(from, () -> context.receive(bytes, Arrival.LIVE));
  }

  private void reportDropped(NatsLink from) {
    long dropped = from.incoming.getDroppedCount();
    if (dropped > 0) {
      from.incoming.clearDroppedCount();
      context.counters().dropped(Counters.Reason.OVERFLOW, dropped);
      String why = "NATS brought more than could be delivered";
      restored(Interruption.of(Instant.now().minusSeconds(1), Instant.now(), why));
    }
  }

  @Override
  public void close() {
    NatsLink last = links.close();
    if (last != null) {
      last.close();
    }
    worker.shutdown();
  }
}
