package io.pushwire.core;

import io.pushwire.api.ClosedException;
import io.pushwire.api.Target;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections of this node want a target, and on which lanes. The first one subscribes the
 * node at its driver, the last one unsubscribes it.
 *
 * <p>Counting and calling the driver is one step under the lock of the target: in two steps, a
 * connection that opens while another closes finds the target unsubscribed. That is why driver
 * calls must return at once.
 */
final class Interest {
  private static final Logger log = LoggerFactory.getLogger(Interest.class);
  private static final LaneGroups[] NO_LANES = {};

  private final ConcurrentHashMap<Target, Entry> entries = new ConcurrentHashMap<>();
  private final MessageDriver driver;
  private final AtomicInteger users = new AtomicInteger();

  Interest(MessageDriver driver) {
    this.driver = driver;
  }

  /** Completes when the node is subscribed; fails if the broker refuses. Either way: release it. */
  CompletionStage<Void> acquire(Target target, LaneGroups lane) {
    CompletionStage<Void> subscribed =
        entries.compute(
                target,
                (t, entry) -> {
                  Entry e = entry == null ? enter(t) : entry;
                  e.add(lane);
                  return e;
                })
            .subscribed;
    return subscribed;
  }

  void release(Target target, LaneGroups lane) {
    entries.computeIfPresent(
        target,
        (t, entry) -> {
          if (!entry.remove(lane)) {
            return entry;
          }
          count(t, -1);
          unsubscribe(t);
          return null;
        });
  }

  private Entry enter(Target target) {
    count(target, 1);
    return new Entry(subscribe(target));
  }

  private void count(Target target, int change) {
    if (target instanceof Target.User) {
      users.addAndGet(change);
    }
  }

  /** The lanes that have members of the target. */
  LaneGroups[] lanes(Target target) {
    Entry entry = entries.get(target);
    return entry == null ? NO_LANES : entry.lanes;
  }

  int size() {
    return entries.size();
  }

  /** How many of the targets are users. */
  int users() {
    return users.get();
  }

  private CompletionStage<Void> subscribe(Target target) {
    try {
      return driver.subscribe(List.of(target));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void unsubscribe(Target target) {
    try {
      driver
          .unsubscribe(List.of(target))
          .whenComplete(
              (done, e) -> {
                if (e != null) {
                  log.warn("Could not unsubscribe {}: what still arrives is dropped", target, e);
                }
              });
    } catch (ClosedException e) {
      log.debug("The driver closed before {} was unsubscribed", target);
    } catch (RuntimeException e) {
      log.warn("Could not unsubscribe {}: what still arrives is dropped", target, e);
    }
  }

  /** Changed under the lock of its target; the lanes are read without. */
  private static final class Entry {
    private final CompletionStage<Void> subscribed;
    private volatile LaneGroups[] lanes = NO_LANES;
    private int[] counts = {};

    Entry(CompletionStage<Void> subscribed) {
      this.subscribed = subscribed;
    }

    void add(LaneGroups lane) {
      int i = indexOf(lane);
      if (i >= 0) {
        counts[i]++;
        return;
      }
      LaneGroups[] more = Arrays.copyOf(lanes, lanes.length + 1);
      more[lanes.length] = lane;
      counts = Arrays.copyOf(counts, more.length);
      counts[lanes.length] = 1;
      lanes = more;
    }

    /** Whether nobody is left. */
    boolean remove(LaneGroups lane) {
      int i = indexOf(lane);
      if (i < 0) {
        throw new IllegalStateException("Released more often than acquired");
      }
      if (--counts[i] == 0) {
        int last = lanes.length - 1;
        LaneGroups[] fewer = Arrays.copyOf(lanes, last);
        if (i < last) {
          fewer[i] = lanes[last];
          counts[i] = counts[last];
        }
        counts = Arrays.copyOf(counts, last);
        lanes = fewer;
      }
      return lanes.length == 0;
    }

    private int indexOf(@Nullable LaneGroups lane) {
      for (int i = 0; i < lanes.length; i++) {
        if (lanes[i] == lane) {
          return i;
        }
      }
      return -1;
    }
  }
}
