package io.pushwire.driver.rabbitmq;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Numbers what this node sends, along each route. The first number of a count is negative: it says
 * that nothing before it is to be missed. Only the routes used last are remembered. For one thread.
 */
final class Sequences {
  static final int MAX_ROUTES = 10_000;

  private long greatest;
  private final Map<Route, Long> last =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Route, Long> eldest) {
          return size() > MAX_ROUTES;
        }
      };

  long next(Route route) {
    Long before = last.get(route);
    // a count that was forgotten goes on above all that it may have had
    long next = before == null ? greatest + 1 : before + 1;
    greatest = Math.max(greatest, next);
    last.put(route, next);
    return before == null ? -next : next;
  }
}
