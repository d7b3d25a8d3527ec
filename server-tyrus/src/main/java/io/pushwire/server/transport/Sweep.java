package io.pushwire.server.transport;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks now and then at what must not last for ever, instead of a timer for each. Lane only. */
final class Sweep<T extends Sweep.Swept> {
  /** Milliseconds from one tick to the next: {@value}. */
  static final int TICK_MILLIS = 250;

  private static final Logger log = LoggerFactory.getLogger(Sweep.class);
  private static final int ABSENT = -1;

  private final List<T> items = new ArrayList<>();
  private final int round;

  /** What is looked at. */
  abstract static class Swept {
    private int place = ABSENT; // in the list

    /**
     * Must be quick.
     *
     * @param now in ticks
     */
    abstract void sweep(int now);
  }

  /**
   * @param round after how many ticks everything has been looked at once
   */
  Sweep(int round) {
    this.round = round;
  }

  static int ticks(long millis) {
    return (int) Math.min(Integer.MAX_VALUE / 4, (millis - 1) / TICK_MILLIS + 1);
  }

  void add(T item) {
    ((Swept) item).place = items.size();
    items.add(item);
  }

  void remove(T item) {
    Swept leaving = item;
    if (leaving.place != ABSENT) {
      T last = items.remove(items.size() - 1);
      if (last != item) {
        items.set(leaving.place, last);
        ((Swept) last).place = leaving.place;
      }
      leaving.place = ABSENT;
    }
  }

  /** A copy, since items may leave. */
  List<T> items() {
    return List.copyOf(items);
  }

  void tick(int now) {
    // backwards: one that leaves is replaced by one that has had its turn
    for (int i = items.size() - 1 - now % round; i >= 0; i -= round) {
      if (i < items.size()) {
        try {
          items.get(i).sweep(now);
        } catch (RuntimeException e) {
          log.error("A socket could not be looked after", e);
        }
      }
    }
  }
}
