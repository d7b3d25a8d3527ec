package io.pushwire.driver.redisqueue;

import io.lettuce.core.RedisCommandExecutionException;
import io.pushwire.api.Envelope;
import io.pushwire.core.Arrival;
import io.pushwire.core.Counters;
import io.pushwire.core.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Entries of one list that were claimed together, and are acknowledged together: when each is
 * written to a socket, and copies are in the inboxes of the other nodes that hold the user. Belongs
 * to the list's worker.
 */
final class Batch {
  private final Reader reader;
  private final long offset;
  private final List<Item> items;
  private final List<String> others;
  private final Shared shared;
  private final Consumer<Batch> ended;
  private final AtomicInteger open = new AtomicInteger();
  private boolean redelivered;
  private boolean forwarded;
  private volatile boolean forwardFailed;
  private boolean running;
  private int rounds;
  private long dueAt;

  /**
   * @param offset of the first item
   * @param redelivered whether a delivery was begun before
   * @param others the other nodes that hold the user
   * @param ended is called on the worker when a round has ended
   */
  Batch(
      Reader reader,
      long offset,
      List<Item> items,
      boolean redelivered,
      List<String> others,
      Shared shared,
      Consumer<Batch> ended) {
    this.ended = ended;
    this.reader = reader;
    this.offset = offset;
    this.items = items;
    this.redelivered = redelivered;
    this.forwarded = others.isEmpty();
    this.others = others;
    this.shared = shared;
  }

  boolean isRunning() {
    return running;
  }

  void runIfDue() {
    if (!running && System.nanoTime() - dueAt >= 0) {
      run();
    }
  }

  /** Delivers what is not done yet. */
  void run() {
    running = true;
    rounds++;
    open.set(1);
    if (!forwarded) {
      forward();
    }
    Arrival arrival = redelivered ? Arrival.REDELIVERED : Arrival.STORED;
    redelivered = true;
    for (Item item : items) {
      if (!item.isDone()) {
        item.outcome = null;
        open.incrementAndGet();
        outcome(item, arrival)
            .whenComplete(
                (outcome, e) -> {
                  item.outcome = e == null ? outcome : Outcome.NOBODY_HERE;
                  end();
                });
      }
    }
    end();
  }

  private CompletionStage<Outcome> outcome(Item item, Arrival arrival) {
    Envelope envelope = item.envelope();
    String fault = item.fault();
    if (fault != null || envelope == null) {
      return reader.giveUp(item.bytes(), String.valueOf(fault));
    }
    if (shared.closed().get()) {
      return CompletableFuture.completedStage(Outcome.NOBODY_HERE);
    }
    return shared.context().delivery().deliver(envelope, arrival);
  }

  /** Again all of them, if it failed: what this node has written the others may not have. */
  private void forward() {
    List<byte[]> copies = new ArrayList<>(items.size());
    for (Item item : items) {
      Envelope envelope = item.envelope();
      if (item.fault() == null && envelope != null) {
        copies.add(shared.context().codec().encode(envelope));
      }
    }
    forwarded = true;
    forwardFailed = false;
    if (copies.isEmpty()) {
      return;
    }
    for (String other : others) {
      open.incrementAndGet();
      reader
          .forward(other, copies)
          .whenComplete(
              (taken, e) -> {
                if (e != null && isForGood(Link.cause(e))) {
                  shared.context().counters().dropped(Counters.Reason.OVERFLOW, copies.size());
                } else if (e != null) {
                  forwardFailed = true;
                }
                end();
              });
    }
  }

  /** Redis would refuse it again; the user's other messages must not wait for that. */
  private static boolean isForGood(Throwable e) {
    String text = String.valueOf(e.getMessage());
    return e instanceof RedisCommandExecutionException
        && (text.startsWith("OOM") || text.startsWith("WRONGTYPE") || text.startsWith("NOPERM"));
  }

  private void end() {
    if (open.decrementAndGet() == 0) {
      reader.worker().executeSoon(() -> ended.accept(this));
    }
  }

  /**
   * Judges a round that has ended.
   *
   * @return whether all is done
   */
  boolean judge(boolean wanted) {
    running = false;
    if (forwardFailed) {
      forwarded = false;
    }
    boolean all = forwarded;
    for (Item item : items) {
      all &= item.judge(wanted, shared.context().self());
    }
    return all;
  }

  /** Up to which offset everything is done, as far as is known by now. */
  long done() {
    int count = 0;
    if (forwarded && !forwardFailed) {
      while (count < items.size() && items.get(count).isWritten()) {
        count++;
      }
    }
    return offset + count;
  }

  int size() {
    return items.size();
  }

  /** How long to wait before the next round, from now. */
  long pauseMillis() {
    long pause = Math.min(1000, 10L << Math.min(rounds, 10));
    dueAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
    return pause;
  }
}
