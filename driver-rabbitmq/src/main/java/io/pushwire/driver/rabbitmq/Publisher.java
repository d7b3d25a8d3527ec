package io.pushwire.driver.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import io.pushwire.api.ClosedException;
import io.pushwire.api.PublishException;
import io.pushwire.api.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes messages to the broker on a thread of its own, since a channel is for one thread and a
 * write may block, and keeps each until it is confirmed. After a link was lost the unconfirmed ones
 * go out again, in their order and before anything new: the client library forgets them, neither
 * acknowledged nor refused.
 */
final class Publisher {
  /** How often {@link #tick} is to be called. */
  static final long TICK_MILLIS = 100;

  /** How long the broker may be silent until it counts as gone. */
  private static final long SILENCE = TimeUnit.MILLISECONDS.toNanos(1700);

  /** How long a message may wait for the link to come back. */
  private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(30);

  private static final long AGE_CHECK = TimeUnit.SECONDS.toNanos(1);
  private static final long STOOD_STILL = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int BATCH = 100;
  private static final Logger log = LoggerFactory.getLogger(Publisher.class);

  private final Backlog backlog = new Backlog();
  private final Sequences sequences = new Sequences();
  private final Executor failures;
  private final Thread thread;
  private final BlockingQueue<Outgoing> queue = new LinkedBlockingQueue<>();

  /** What goes out before the queue. Only the publisher's thread changes it. */
  private final ConcurrentLinkedDeque<Outgoing> first = new ConcurrentLinkedDeque<>();

  private volatile @Nullable PublisherSession session;
  private volatile boolean closing;
  private volatile boolean closed;
  private long tickedAt = System.nanoTime();
  private long agedAt = tickedAt;

  /**
   * @param failures calls back those whose message failed; it may take long
   */
  Publisher(Executor failures, String name) {
    this.failures = failures;
    this.thread = new Thread(this::run, "pushwire-rabbitmq-publisher-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Whether a message given now would be written. */
  boolean isReady() {
    return !closing && trouble() == null;
  }

  /** Whether the broker said itself that it takes nothing. */
  boolean isBlocked() {
    PublisherSession now = session;
    return now != null && now.isBlocked();
  }

  private @Nullable String trouble() {
    PublisherSession now = session;
    return now == null ? "the link is down" : now.trouble();
  }

  /**
   * @param properties null for an envelope between nodes
   */
  CompletableFuture<Receipt> publish(
      UUID id, Route route, byte[] body, @Nullable BasicProperties properties) {
    if (closing) {
      return CompletableFuture.failedFuture(new ClosedException("The RabbitMQ driver"));
    }
    String trouble = trouble();
    if (trouble != null) {
      return CompletableFuture.failedFuture(
          new PublishException("RabbitMQ did not take message " + id + ": " + trouble));
    }
    Outgoing outgoing = new Outgoing(id, route, body, properties, backlog);
    if (!backlog.take(outgoing.cost())) {
      return CompletableFuture.failedFuture(
          new PublishException(
              "Message " + id + " is not sent: too many wait for RabbitMQ already; send slower"));
    }
    queue.add(outgoing);
    if (closed) {
      outgoing.failed(new ClosedException("The RabbitMQ driver"));
    }
    return outgoing.receipt();
  }

  /** A link is up: what is left of the one before goes out now. */
  synchronized void up(PublisherSession next) {
    session = next;
    notifyAll();
    // a message that is done is skipped, but wakes the thread
    Outgoing wake =
        new Outgoing(new UUID(0, 0), new Route("", ""), new byte[0], null, new Backlog());
    wake.confirmed();
    queue.add(wake);
  }

  private synchronized @Nullable PublisherSession awaitUp() throws InterruptedException {
    while (!closed && (session == null || !session.isUp())) {
      wait();
    }
    return closed ? null : session;
  }

  private void run() {
    PublisherSession mine = null;
    try {
      while (!closed) {
        if (first.isEmpty()) {
          first.add(queue.take());
          queue.drainTo(first, BATCH);
        }
        PublisherSession now = awaitUp();
        if (now == null) {
          return;
        }
        if (now != mine) {
          takeOver(mine);
          mine = now;
        }
        writeFirst(now);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("The publisher's thread failed", e);
    }
  }

  private void writeFirst(PublisherSession now) throws InterruptedException {
    for (Outgoing next = first.poll(); next != null; next = first.poll()) {
      if (!next.isDone() && !now.write(next, sequences)) {
        first.addFirst(next);
        return;
      }
    }
  }

  private void takeOver(@Nullable PublisherSession before) {
    if (before == null) {
      return;
    }
    List<Outgoing> rest = before.unconfirmed.end();
    boolean found = before.wasRefused() && rest.size() == 1 && rest.get(0).suspect;
    for (int i = rest.size() - 1; i >= 0; i--) {
      Outgoing outgoing = rest.get(i);
      if (found) {
        fail(List.of(outgoing), o -> new PublishException("RabbitMQ refuses message " + o.id));
      } else if (!outgoing.isDone()) {
        outgoing.suspect = before.wasRefused();
        first.addFirst(outgoing);
      }
    }
    if (!rest.isEmpty()) {
      log.info("Sending again what RabbitMQ had not confirmed: {} messages", first.size());
    }
  }

  /** Gives up what waited too long. Called again and again by one thread. */
  void tick() {
    long now = System.nanoTime();
    PublisherSession current = session;
    if (current != null && !backlog.isEmpty()) {
      if (now - tickedAt > STOOD_STILL) {
        current.unconfirmed.forgive(now);
      } else if (current.isUp() && current.unconfirmed.silentNanos(now) > SILENCE) {
        current.silent();
        give(o -> true, "does not answer");
      } else if (now - agedAt > AGE_CHECK) {
        agedAt = now;
        give(o -> now - o.since > LONGEST_WAIT, "did not confirm it within 30 s");
      }
    }
    tickedAt = now;
  }

  private void give(Predicate<Outgoing> which, String why) {
    List<Outgoing> all = new ArrayList<>();
    PublisherSession current = session;
    if (current != null) {
      all.addAll(current.unconfirmed.all());
    }
    all.addAll(first);
    all.addAll(queue);
    all.removeIf(o -> o.isDone() || !which.test(o));
    fail(
        all,
        o ->
            new PublishException(
                "RabbitMQ "
                    + why
                    + ": message "
                    + o.id
                    + " may still arrive; send again with the same id"));
  }

  private void fail(List<Outgoing> all, Function<Outgoing, RuntimeException> why) {
    if (!all.isEmpty()) {
      failures.execute(() -> all.forEach(o -> o.failed(why.apply(o))));
    }
  }

  /** Takes nothing more, and waits so long for what is under way. */
  void close(long millis) throws InterruptedException {
    closing = true;
    if (trouble() == null) {
      backlog.awaitEmpty(millis);
    }
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    thread.interrupt();
    List<Outgoing> all = new ArrayList<>();
    PublisherSession current = session;
    if (current != null) {
      all.addAll(current.unconfirmed.end());
    }
    all.addAll(first);
    all.addAll(queue);
    fail(all, o -> new ClosedException("The RabbitMQ driver"));
  }
}
