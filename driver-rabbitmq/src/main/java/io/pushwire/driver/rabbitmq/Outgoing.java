package io.pushwire.driver.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import io.pushwire.api.Receipt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A message on its way to the broker, until the broker has confirmed it or it was given up. */
final class Outgoing {
  /** Not counted in the body: the object, its future, its place in the queue. */
  private static final int ALLOWANCE = 256;

  final UUID id;
  final Route route;
  final byte[] body;

  /** For a message that is not an envelope between nodes; null: the usual ones. */
  final @Nullable BasicProperties properties;

  final long since = System.nanoTime();

  /** Its number along its route, given when it is first written: kept when it is sent again. */
  long sequence;

  /** Whether the broker closed the channel over it or one of its neighbours. */
  boolean suspect;

  /** The broker has no queue for it. Set before it is confirmed. */
  boolean returned;

  private final Backlog backlog;
  private final AtomicBoolean done = new AtomicBoolean();
  private final CompletableFuture<Receipt> receipt = new CompletableFuture<>();

  Outgoing(
      UUID id, Route route, byte[] body, @Nullable BasicProperties properties, Backlog backlog) {
    this.id = id;
    this.route = route;
    this.body = body;
    this.properties = properties;
    this.backlog = backlog;
  }

  /** A message that is done: nothing is sent, but who waits for one wakes up. */
  static Outgoing nothing() {
    Outgoing nothing =
        new Outgoing(new UUID(0, 0), new Route("", ""), new byte[0], null, new Backlog());
    nothing.confirmed();
    return nothing;
  }

  CompletableFuture<Receipt> receipt() {
    return receipt;
  }

  int cost() {
    return body.length + ALLOWANCE;
  }

  boolean isDone() {
    return done.get();
  }

  void confirmed() {
    if (finish()) {
      Receipt.Status status = returned ? Receipt.Status.NOBODY : Receipt.Status.ACCEPTED;
      receipt.complete(Receipt.builder(id, status).build());
    }
  }

  void failed(RuntimeException e) {
    if (finish()) {
      receipt.completeExceptionally(e);
    }
  }

  private boolean finish() {
    boolean first = done.compareAndSet(false, true);
    if (first) {
      backlog.release(cost());
    }
    return first;
  }
}
