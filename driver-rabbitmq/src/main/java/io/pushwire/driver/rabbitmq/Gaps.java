package io.pushwire.driver.rabbitmq;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sees from the numbers of {@link Sequences} what did not arrive. Only along routes that lead here:
 * what was sent before they did, or while they did not, is no gap.
 */
final class Gaps {
  /** The most senders that are remembered for one route: the dead ones go first. */
  private static final int MAX_ORIGINS = 256;

  private final Map<Route, Map<String, Long>> last = new ConcurrentHashMap<>();

  void track(Route route) {
    last.computeIfAbsent(route, r -> origins());
  }

  void forget(Route route) {
    last.remove(route);
  }

  /** Begins anew, along the same routes: all that waited here is gone. */
  void reset() {
    last.replaceAll((route, origins) -> origins());
  }

  /**
   * How many messages of this sender are missing before this one. A repeat is none. For one thread.
   */
  long arrived(Route route, String origin, long sequence) {
    Map<String, Long> origins = last.get(route);
    if (origins == null) {
      return 0;
    }
    long number = Math.abs(sequence);
    Long before = origins.get(origin);
    if (before != null && number <= before) {
      return 0;
    }
    origins.put(origin, number);
    return before == null || sequence < 0 ? 0 : number - before - 1;
  }

  private static Map<String, Long> origins() {
    return new LinkedHashMap<>(8, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
        return size() > MAX_ORIGINS;
      }
    };
  }
}
