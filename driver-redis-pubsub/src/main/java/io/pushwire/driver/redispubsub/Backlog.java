package io.pushwire.driver.redispubsub;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The channels that Redis is still to be told of, in the order in which they came up. Whether one
 * is to be subscribed or not is looked at when its turn comes: what changed back meanwhile costs
 * nothing. Guarded by {@link Subscriptions}.
 */
final class Backlog {
  static final int BATCH = 512;

  private final Consumer<Channel> forget;
  private final Deque<Channel> subscribes = new ArrayDeque<>();
  private final Deque<Channel> unsubscribes = new ArrayDeque<>();
  private final Deque<List<Channel>> halves = new ArrayDeque<>();
  private int restoring; // so many of the next subscribes were held when the link came back

  /**
   * @param forget is given the channels that nobody wants and Redis does not have
   */
  Backlog(Consumer<Channel> forget) {
    this.forget = forget;
  }

  /** Takes a channel that may have changed. */
  void reconsider(Channel channel) {
    if (channel.queued) {
      return;
    }
    if (channel.wanted && !channel.confirmed) {
      channel.queued = true;
      subscribes.add(channel);
    } else if (!channel.wanted && channel.confirmed && !channel.lingers) {
      channel.queued = true;
      unsubscribes.add(channel);
    } else if (!channel.wanted && !channel.confirmed && !channel.lingers) {
      forget.accept(channel);
    }
  }

  /** All that is to be subscribed now was held before. */
  void restore() {
    restoring = subscribes.size();
  }

  boolean isRestored() {
    return restoring == 0;
  }

  void clear() {
    subscribes.clear();
    unsubscribes.clear();
    halves.clear();
    restoring = 0;
  }

  @Nullable Batch next(long now) {
    // the longer queue first, so that neither waits for the end of the other
    boolean subscribe = !halves.isEmpty() || subscribes.size() >= unsubscribes.size();
    Batch batch = subscribe ? subscribe(now) : unsubscribe(now);
    if (batch != null) {
      return batch;
    }
    return subscribe ? unsubscribe(now) : subscribe(now);
  }

  private @Nullable Batch subscribe(long now) {
    List<Channel> some = halves.poll();
    if (some == null) {
      some = new ArrayList<>(Math.min(BATCH, subscribes.size()));
      while (some.size() < BATCH && !subscribes.isEmpty()) {
        Channel channel = subscribes.remove();
        if (channel.wanted && !channel.confirmed) {
          some.add(channel);
        } else {
          restored(1);
          requeue(channel);
        }
      }
    }
    return some.isEmpty() ? null : new Batch(true, some, now);
  }

  private @Nullable Batch unsubscribe(long now) {
    List<Channel> some = new ArrayList<>(Math.min(BATCH, unsubscribes.size()));
    while (some.size() < BATCH && !unsubscribes.isEmpty()) {
      Channel channel = unsubscribes.remove();
      if (!channel.wanted && channel.confirmed && !channel.lingers) {
        channel.confirmed = false;
        some.add(channel);
      } else {
        requeue(channel);
      }
    }
    return some.isEmpty() ? null : new Batch(false, some, now);
  }

  /** Redis has done what the batch says. */
  void done(Batch batch) {
    for (Channel channel : batch.channels()) {
      channel.confirmed = batch.isSubscribe();
      requeue(channel);
    }
    restored(batch.isSubscribe() ? batch.channels().size() : 0);
  }

  /** Redis refuses to subscribe to the one channel of the batch; it is not tried again. */
  void refused(Channel only) {
    only.queued = false;
    restored(1);
    if (!only.wanted && !only.lingers) {
      forget.accept(only);
    }
  }

  /** Redis refuses to subscribe to some of the batch: each half is tried alone. */
  void split(Batch batch) {
    List<Channel> all = batch.channels();
    halves.push(all.subList(all.size() / 2, all.size()));
    halves.push(all.subList(0, all.size() / 2));
  }

  private void requeue(Channel channel) {
    channel.queued = false;
    reconsider(channel);
  }

  private void restored(int count) {
    restoring = Math.max(0, restoring - count);
  }
}
