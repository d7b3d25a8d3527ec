package io.pushwire.driver.redispubsub;

import io.pushwire.api.ClosedException;
import io.pushwire.api.RefusedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which channels are wanted, and which of them Redis has confirmed. Decides what Redis is to be
 * told next: one command at a time, so that each reply belongs to a known one, for up to {@value
 * #BATCH} channels; what changes meanwhile is coalesced. Does no I/O itself, and completes no stage
 * under its lock.
 *
 * <p>A channel that is not wanted any more lingers: the user who reloads his page costs nothing.
 */
final class Subscriptions {
  static final int BATCH = 512;
  static final Duration LINGER = Duration.ofSeconds(3);

  private final LongSupplier nanoTime;

  // guarded by this
  private final Map<String, Entry> entries = new HashMap<>();
  private final ArrayDeque<Entry> subscribes = new ArrayDeque<>();
  private final ArrayDeque<Entry> unsubscribes = new ArrayDeque<>();
  private final ArrayDeque<Batch> split = new ArrayDeque<>();
  private final ArrayDeque<Entry> lingering = new ArrayDeque<>();
  private @Nullable Batch flying;
  private int restoring;
  private boolean up;
  private int epoch; // of the connection
  private boolean closed;

  Subscriptions(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Wants channels; completes when all are confirmed, or fails if some are refused. */
  synchronized CompletionStage<Void> subscribe(Collection<String> channels) {
    if (closed) {
      return CompletableFuture.failedStage(new ClosedException("The redis-pubsub driver"));
    }
    Pending pending = new Pending();
    for (String channel : channels) {
      Entry entry = entries.computeIfAbsent(channel, Entry::new);
      entry.wanted = true;
      if (!entry.confirmed) {
        pending.open++;
        entry.pending = entry.pending == null ? List.of(pending) : with(entry.pending, pending);
        reconsider(entry);
      }
    }
    return pending.open == 0 ? CompletableFuture.completedStage(null) : pending.stage;
  }

  private static List<Pending> with(List<Pending> some, Pending one) {
    List<Pending> all = new ArrayList<>(some);
    all.add(one);
    return all;
  }

  /**
   * Wants channels no more.
   *
   * @return what is to be completed: stages of subscriptions that this call overtook
   */
  synchronized List<Runnable> unsubscribe(Collection<String> channels) {
    List<Runnable> done = new ArrayList<>(0);
    long until = nanoTime.getAsLong() + LINGER.toNanos();
    for (String channel : channels) {
      Entry entry = entries.get(channel);
      if (entry != null && entry.wanted) {
        entry.wanted = false;
        entry.settle(null, done);
        entry.until = until;
        if (!entry.lingers) {
          entry.lingers = true;
          lingering.add(entry);
        }
      }
    }
    return done;
  }

  /** Ends the lingering of those whose time is over. */
  synchronized void sweep() {
    long now = nanoTime.getAsLong();
    for (Entry e = lingering.peek(); e != null && e.until - now <= 0; e = lingering.peek()) {
      lingering.remove();
      e.lingers = false;
      reconsider(e);
    }
  }

  /**
   * The link is up: all that is wanted must be told anew.
   *
   * @return names this connection to {@link #confirmed}
   */
  synchronized int up() {
    up = true;
    for (Entry entry : entries.values()) {
      reconsider(entry);
    }
    restoring = subscribes.size();
    return ++epoch;
  }

  /** The link is down: nothing is confirmed any more. */
  synchronized void down() {
    up = false;
    flying = null;
    split.clear();
    subscribes.clear();
    unsubscribes.clear();
    lingering.clear();
    entries.values().removeIf(entry -> !entry.wanted);
    for (Entry entry : entries.values()) {
      entry.confirmed = false;
      entry.queued = false;
      entry.lingers = false;
    }
  }

  /** What Redis is to be told now; null if nothing, or if it has not answered the last one yet. */
  synchronized @Nullable Batch next() {
    if (!up || flying != null) {
      return null;
    }
    Batch batch = split.poll();
    if (batch == null) {
      // in turns, so that neither waits for the end of the other
      batch = unsubscribes.size() > subscribes.size() ? unsubscribes() : subscribes();
    }
    if (batch == null) {
      batch = unsubscribes();
    }
    if (batch != null) {
      batch.sentAt = System.nanoTime();
    }
    flying = batch;
    return batch;
  }

  private @Nullable Batch subscribes() {
    List<Entry> some = new ArrayList<>(Math.min(BATCH, subscribes.size()));
    while (some.size() < BATCH && !subscribes.isEmpty()) {
      Entry entry = subscribes.remove();
      if (entry.wanted && !entry.confirmed) {
        some.add(entry);
      } else {
        requeue(entry);
        restoring -= restoring > 0 ? 1 : 0;
      }
    }
    return some.isEmpty() ? null : new Batch(true, some);
  }

  private @Nullable Batch unsubscribes() {
    List<Entry> some = new ArrayList<>();
    while (some.size() < BATCH && !unsubscribes.isEmpty()) {
      Entry entry = unsubscribes.remove();
      if (!entry.wanted && entry.confirmed && !entry.lingers) {
        entry.confirmed = false;
        some.add(entry);
      } else {
        requeue(entry);
      }
    }
    return some.isEmpty() ? null : new Batch(false, some);
  }

  /** Redis has confirmed one channel of the batch under way. */
  synchronized List<Runnable> confirmed(int connection) {
    List<Runnable> done = new ArrayList<>(0);
    if (connection == epoch && flying != null && --flying.open == 0) {
      Batch batch = flying;
      flying = null;
      for (Entry entry : batch.entries) {
        entry.confirmed = batch.subscribe;
        if (batch.subscribe) {
          entry.settle(null, done);
        }
        requeue(entry);
      }
      restored(batch);
    }
    return done;
  }

  /**
   * Redis refuses the batch. Of several channels one may be at fault: then each half is tried
   * alone.
   */
  synchronized List<Runnable> refused(Batch batch, RefusedException why) {
    List<Runnable> done = new ArrayList<>(0);
    if (flying != batch) {
      return done;
    }
    flying = null;
    int size = batch.entries.size();
    if (size > 1) {
      split.push(new Batch(batch.subscribe, batch.entries.subList(size / 2, size)));
      split.push(new Batch(batch.subscribe, batch.entries.subList(0, size / 2)));
      return done;
    }
    Entry entry = batch.entries.get(0);
    entry.queued = false;
    if (entry.pending != null || !batch.subscribe) {
      entry.wanted = false;
      entry.settle(why, done);
      entries.remove(entry.channel, entry);
    }
    restored(batch);
    return done;
  }

  private void restored(Batch batch) {
    if (batch.subscribe) {
      restoring = Math.max(0, restoring - batch.entries.size());
    }
  }

  /** Whether all that was held when the link came back is confirmed again. */
  synchronized boolean isRestored() {
    return up && restoring == 0;
  }

  /** Whether Redis has owed the answer to a command for so long. */
  synchronized boolean isOverdue(Duration age) {
    return flying != null && System.nanoTime() - flying.sentAt > age.toNanos();
  }

  synchronized int size() {
    return entries.size();
  }

  synchronized List<Runnable> close() {
    closed = true;
    up = false;
    List<Runnable> done = new ArrayList<>();
    ClosedException why = new ClosedException("The redis-pubsub driver");
    entries.values().forEach(entry -> entry.settle(why, done));
    entries.clear();
    return done;
  }

  private void requeue(Entry entry) {
    entry.queued = false;
    reconsider(entry);
  }

  private void reconsider(Entry entry) {
    if (entry.queued) {
      return;
    }
    if (entry.wanted != entry.confirmed) {
      if (entry.wanted) {
        entry.queued = true;
        subscribes.add(entry);
      } else if (!entry.lingers) {
        entry.queued = true;
        unsubscribes.add(entry);
      }
    } else if (!entry.wanted && !entry.lingers) {
      entries.remove(entry.channel, entry);
    }
  }

  /** A channel. Queued also means: in a batch. */
  private static final class Entry {
    private final String channel;
    private boolean wanted;
    private boolean confirmed;
    private boolean queued;
    private boolean lingers;
    private long until;
    private @Nullable List<Pending> pending;

    Entry(String channel) {
      this.channel = channel;
    }

    void settle(@Nullable RuntimeException failure, List<Runnable> done) {
      if (pending != null) {
        pending.forEach(p -> p.settled(failure, done));
        pending = null;
      }
    }
  }

  /** The channels of one command. */
  static final class Batch {
    private final boolean subscribe;
    private final List<Entry> entries;
    private long sentAt;
    private int open;

    private Batch(boolean subscribe, List<Entry> entries) {
      this.subscribe = subscribe;
      this.entries = entries;
      this.open = entries.size();
    }

    boolean isSubscribe() {
      return subscribe;
    }

    int size() {
      return entries.size();
    }

    String[] channels() {
      return entries.stream().map(entry -> entry.channel).toArray(String[]::new);
    }
  }

  /** One call of subscribe. */
  private static final class Pending {
    private final CompletableFuture<Void> stage = new CompletableFuture<>();
    private int open;
    private @Nullable RuntimeException failure;

    void settled(@Nullable RuntimeException e, List<Runnable> done) {
      failure = failure == null ? e : failure;
      if (--open == 0) {
        RuntimeException why = failure;
        done.add(why == null ? () -> stage.complete(null) : () -> stage.completeExceptionally(why));
      }
    }
  }
}
