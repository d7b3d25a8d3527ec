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

  private static final int BATCH = 100;
  private static final Logger log = LoggerFactory.getLogger(Publisher.class);

  private final Backlog backlog = new Backlog();
  private final Sequences sequences = new Sequences();
  private final Overdue overdue;
  private final Thread thread;
  private final BlockingQueue<Outgoing> queue = new LinkedBlockingQueue<>();

  /** What goes out before the queue. Only the publisher's thread changes it. */
  private final ConcurrentLinkedDeque<Outgoing> first = new ConcurrentLinkedDeque<>();

  private volatile @Nullable PublisherSession session;
  private volatile boolean closing;
  private volatile boolean closed;

  /**
   * @param failures calls back those whose message failed; it may take long
   */
  Publisher(Executor failures, String name) {
    this.overdue = new Overdue(failures);
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
    return now == null ? PublisherSession.DOWN : now.trouble();
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
    queue.add(Outgoing.nothing());
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
    } finally {
      end();
    }
  }

  private void writeFirst(PublisherSession now) throws InterruptedException {
    // it stays where it can be given up until it is where it waits for its confirm
    for (Outgoing next = first.peek(); next != null; next = first.peek()) {
      if (!next.isDone() && !now.write(next, sequences)) {
        return;
      }
      first.remove();
    }
    now.flush();
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
        overdue.fail(
            List.of(outgoing),
            o -> new PublishException("RabbitMQ refuses message " + o.id + ": " + before.why()));
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
    PublisherSession current = session;
    if (current != null && !backlog.isEmpty()) {
      overdue.look(current, this::underWay);
    } else {
      overdue.nothing();
    }
  }

  private List<Outgoing> underWay() {
    List<Outgoing> all = new ArrayList<>();
    PublisherSession current = session;
    if (current != null) {
      all.addAll(current.unconfirmed.all());
    }
    all.addAll(first);
    all.addAll(queue);
    return all;
  }

  /** Takes nothing more, and waits so long for what is under way. */
  void close(long millis) throws InterruptedException {
    closing = true;
    if (trouble() == null) {
      backlog.awaitEmpty(millis);
    }
    end();
    thread.interrupt();
  }

  private void end() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    overdue.fail(underWay(), o -> new ClosedException("The RabbitMQ driver"));
  }
}
