package io.pushwire.driver.redispubsub;

import io.pushwire.api.ClosedException;
import io.pushwire.api.RefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which channels are wanted, and which of them Redis has confirmed. Says what Redis is to be told
 * next: one command at a time, so that each reply belongs to a known one. A channel that is not
 * wanted any more lingers: the user who reloads his page costs nothing. Does no I/O itself; where a
 * call returns what is to be completed, that is the caller's, outside of the lock.
 */
final class Subscriptions {
  static final Duration LINGER = Duration.ofSeconds(3);

  private final LongSupplier nanoTime;

  // guarded by this
  private final Map<String, Channel> channels = new HashMap<>();
  private final Backlog backlog = new Backlog(channel -> forget(channel));
  private final Set<Channel> lingering = new LinkedHashSet<>(); // the first to go first
  private @Nullable Batch flying;
  private int connection;
  private boolean up;
  private boolean closed;

  Subscriptions(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Wants channels; completes when all are confirmed, or fails if some are refused. */
  synchronized CompletionStage<Void> subscribe(Collection<String> names) {
    if (closed) {
      return CompletableFuture.failedStage(new ClosedException("The redis-pubsub driver"));
    }
    Channel.Call call = new Channel.Call();
    for (String name : names) {
      Channel channel = channels.computeIfAbsent(name, Channel::new);
      channel.wanted = true;
      if (channel.lingers) {
        channel.lingers = false;
        lingering.remove(channel);
      }
      if (!channel.confirmed) {
        channel.add(call);
        if (up) { // else all are looked at when it is
          backlog.reconsider(channel);
        }
      }
    }
    return call.isOpen() ? call.stage : CompletableFuture.completedStage(null);
  }

  /** Wants channels no more. Returns the calls of subscribe that this one overtook. */
  synchronized List<Runnable> unsubscribe(Collection<String> names) {
    List<Runnable> done = new ArrayList<>(0);
    long until = nanoTime.getAsLong() + LINGER.toNanos();
    for (String name : names) {
      Channel channel = channels.get(name);
      if (channel != null && channel.wanted) {
        channel.wanted = false;
        channel.settle(null, done);
        channel.lingers = true;
        channel.lingersUntil = until;
        lingering.add(channel);
      }
    }
    return done;
  }

  /** Ends the lingering of those whose time is over. */
  synchronized void sweep() {
    long now = nanoTime.getAsLong();
    Iterator<Channel> first = lingering.iterator();
    while (first.hasNext()) {
      Channel channel = first.next();
      if (channel.lingersUntil - now > 0) {
        return;
      }
      first.remove();
      channel.lingers = false;
      backlog.reconsider(channel);
    }
  }

  /** The link is up: all that is wanted must be told anew. Returns the connection's number. */
  synchronized int up() {
    up = true;
    channels.values().forEach(backlog::reconsider);
    backlog.restore();
    return ++connection;
  }

  /** The link is down: nothing is confirmed any more. */
  synchronized void down() {
    up = false;
    flying = null;
    backlog.clear();
    lingering.clear();
    channels.values().removeIf(channel -> !channel.wanted);
    for (Channel channel : channels.values()) {
      channel.confirmed = false;
      channel.queued = false;
      channel.lingers = false;
    }
  }

  /**
   * What Redis is to be told now, on a connection; null if nothing, if it has not answered the last
   * one yet, or if the connection is not the one in use.
   */
  synchronized @Nullable Batch next(int on) {
    if (!up || on != connection || flying != null) {
      return null;
    }
    flying = backlog.next(nanoTime.getAsLong());
    return flying;
  }

  /**
   * Redis has confirmed one channel of the batch under way on a connection.
   *
   * @return null until it was the last one
   */
  synchronized @Nullable List<Runnable> confirmed(int on) {
    if (on != connection || flying == null || !flying.confirmedOne()) {
      return null;
    }
    List<Runnable> done = new ArrayList<>();
    land(flying, done);
    return done;
  }

  /** What was held before stays wanted, and is tried again on the next connection. */
  synchronized List<Runnable> refused(Batch batch, RefusedException why) {
    List<Runnable> done = new ArrayList<>(0);
    if (flying != batch) {
      return done;
    }
    if (!batch.isSubscribe()) {
      land(batch, done);
    } else if (batch.channels().size() > 1) {
      backlog.split(batch);
    } else {
      Channel one = batch.channels().get(0);
      one.wanted &= !one.isAwaited();
      one.settle(why, done);
      backlog.refused(one);
    }
    flying = null;
    return done;
  }

  private void land(Batch batch, List<Runnable> done) {
    flying = null;
    if (batch.isSubscribe()) {
      batch.channels().forEach(channel -> channel.settle(null, done));
    }
    backlog.done(batch);
  }

  private void forget(Channel channel) {
    channels.remove(channel.name, channel);
  }

  /** Whether all that was held when the link came back is confirmed again. */
  synchronized boolean isRestored() {
    return up && backlog.isRestored();
  }

  /** Whether Redis has owed the answer to a command for so long. */
  synchronized boolean isOverdue(Duration age) {
    return flying != null && nanoTime.getAsLong() - flying.sentAt() > age.toNanos();
  }

  synchronized int size() {
    return channels.size();
  }

  synchronized List<Runnable> close() {
    closed = true;
    up = false;
    List<Runnable> done = new ArrayList<>();
    ClosedException why = new ClosedException("The redis-pubsub driver");
    channels.values().forEach(channel -> channel.settle(why, done));
    channels.clear();
    return done;
  }
}
