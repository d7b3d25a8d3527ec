package io.pushwire.core.memory;

import io.pushwire.api.ClosedException;
import io.pushwire.api.Envelope;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.core.Arrival;
import io.pushwire.core.Counters;
import io.pushwire.core.DriverContext;
import io.pushwire.core.Interruption;
import io.pushwire.core.MessageDriver;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Passes encoded envelopes from driver to driver; one thread of each delivers what it got. */
final class MemoryDriver implements MessageDriver {
  /** What may wait for one node: as much as its lanes would take. */
  static final long INBOX_BYTES = 64L * 1024 * 1024;

  private static final int ENTRY_BYTES = 64;
  private static final Duration REPORT_INTERVAL = Duration.ofSeconds(1);
  private static final byte[] END = {};

  private final DriverContext context;
  private final MemoryBroker broker;
  private final BlockingQueue<byte[]> inbox = new LinkedBlockingQueue<>();
  private final AtomicLong inboxBytes = new AtomicLong();
  private final AtomicReference<@Nullable Instant> missedSince = new AtomicReference<>();
  private final Thread receiver;
  private volatile boolean closed;

  MemoryDriver(DriverContext context, MemoryBroker broker) {
    this.context = context;
    this.broker = broker;
    this.receiver = new Thread(this::receive, "pushwire-memory-" + context.self().id());
    receiver.setDaemon(true);
  }

  void start() {
    receiver.start();
    broker.enter(this);
  }

  NodeInfo self() {
    return context.self();
  }

  @Override
  public CompletionStage<Receipt> publish(Envelope envelope) {
    if (closed) {
      return CompletableFuture.failedStage(new ClosedException("The memory driver"));
    }
    byte[] bytes = context.codec().encode(envelope);
    int receivers = 0;
    for (MemoryDriver driver : broker.receivers(envelope.target())) {
      driver.put(bytes);
      receivers++;
    }
    Receipt.Status status = receivers == 0 ? Receipt.Status.NOBODY : Receipt.Status.ACCEPTED;
    return CompletableFuture.completedStage(
        Receipt.builder(envelope.id(), status).receivers(receivers).build());
  }

  private void put(byte[] bytes) {
    long cost = (long) bytes.length + ENTRY_BYTES;
    long before = inboxBytes.getAndAdd(cost);
    if (before > 0 && before + cost > INBOX_BYTES) {
      inboxBytes.addAndGet(-cost);
      context.counters().dropped(Counters.Reason.OVERFLOW, 1);
      missedSince.compareAndSet(null, Instant.now());
    } else {
      inbox.add(bytes);
    }
  }

  private void receive() {
    try {
      for (byte[] bytes = inbox.take(); bytes != END && !closed; bytes = inbox.take()) {
        inboxBytes.addAndGet(-((long) bytes.length + ENTRY_BYTES));
        context.receive(bytes, Arrival.LIVE);
        reportMissed();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Once the inbox is empty again, or each second: not for every message. */
  private void reportMissed() {
    Instant since = missedSince.get();
    if (since == null) {
      return;
    }
    Instant now = Instant.now();
    if (inbox.isEmpty() || now.isAfter(since.plus(REPORT_INTERVAL))) {
      missedSince.set(null);
      Interruption gap = Interruption.of(since, now, "The inbox of this node was full");
      context.delivery().interrupted(gap);
    }
  }

  @Override
  public CompletionStage<Void> subscribe(Collection<Target> targets) {
    return change(() -> targets.forEach(target -> broker.subscribe(target, this)));
  }

  @Override
  public CompletionStage<Void> unsubscribe(Collection<Target> targets) {
    return change(() -> targets.forEach(target -> broker.unsubscribe(target, this)));
  }

  private synchronized CompletionStage<Void> change(Runnable change) {
    if (closed) {
      return CompletableFuture.failedStage(new ClosedException("The memory driver"));
    }
    change.run();
    return CompletableFuture.completedStage(null);
  }

  /** There is no link that could be lost. */
  @Override
  public void relink() {}

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      broker.leave(this);
      inbox.add(END);
    }
    if (Thread.currentThread() == receiver) {
      return;
    }
    try {
      receiver.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
