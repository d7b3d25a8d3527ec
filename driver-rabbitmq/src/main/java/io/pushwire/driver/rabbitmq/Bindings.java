package io.pushwire.driver.rabbitmq;

import io.pushwire.api.ClosedException;
import io.pushwire.api.RefusedException;
import io.pushwire.api.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Which routes lead to this node, and how many targets want each of them: all users share one. A
 * route that nobody wants any more stays bound for a while, so that coming and going costs the
 * broker nothing.
 */
final class Bindings {
  static final long LINGER_MILLIS = 10_000;

  private final Names names;
  private final Gaps gaps;
  private final Map<Route, Wanted> routes = new HashMap<>();
  private final Set<Route> own;
  private int lostLinks;

  Bindings(Names names, Gaps gaps) {
    this.names = names;
    this.gaps = gaps;
    this.own = Set.copyOf(names.ownRoutes());
    own.forEach(route -> routes.put(route, new Wanted(route, 1)));
  }

  /** Completes when all the targets' routes lead here; {@link #sync} makes them. */
  synchronized CompletionStage<Void> want(Collection<Target> targets) {
    Set<CompletableFuture<Void>> open = new LinkedHashSet<>();
    for (Target target : targets) {
      Wanted wanted = routes.computeIfAbsent(names.route(target), route -> new Wanted(route, 0));
      wanted.count++;
      if (!wanted.ready.isDone()) {
        open.add(wanted.ready);
      }
    }
    return CompletableFuture.allOf(open.toArray(CompletableFuture<?>[]::new));
  }

  /** Whether a route is left that nobody wants. */
  synchronized boolean leave(Collection<Target> targets) {
    boolean idle = false;
    for (Target target : targets) {
      Wanted wanted = routes.get(names.route(target));
      if (wanted != null && wanted.count > 0 && --wanted.count == 0) {
        wanted.idleSince = System.nanoTime();
        idle = true;
      }
    }
    return idle;
  }

  /** The link is gone, and nothing is known of what it had bound. */
  synchronized void down() {
    lostLinks++;
    routes.values().removeIf(wanted -> wanted.count == 0);
    for (Wanted wanted : routes.values()) {
      wanted.bound = false;
      if (wanted.ready.isDone()) {
        wanted.ready = new CompletableFuture<>();
      }
    }
  }

  /** Nobody need wait any more. */
  synchronized void close() {
    for (Wanted wanted : routes.values()) {
      wanted.ready.completeExceptionally(new ClosedException("The RabbitMQ driver"));
    }
  }

  /**
   * Binds what is wanted, unbinds what has long not been. For one thread; blocks.
   *
   * @return says so to those who wait for it
   */
  Runnable sync(Link link) throws IOException {
    List<Wanted> bind = new ArrayList<>();
    List<Wanted> unbind = new ArrayList<>();
    int before = sort(bind, unbind);
    for (Wanted wanted : bind) {
      gaps.track(wanted.route);
    }
    Set<String> refused = Binder.bind(link.consuming(), names.nodeQueue, routesOf(bind));
    for (Wanted wanted : bind) {
      // nobody waits any more who could be told: only a link that is down shows it
      boolean needed = own.contains(wanted.route) || wanted.wasBound;
      if (needed && refused.contains(wanted.route.exchange())) {
        throw new IOException("ACCESS_REFUSED to read from " + wanted.route.exchange());
      }
    }
    unbind.forEach(wanted -> gaps.forget(wanted.route));
    Binder.unbind(link.consuming(), names.nodeQueue, routesOf(unbind));
    return () -> {
      for (Wanted wanted : bind) {
        if (refused.contains(wanted.route.exchange())) {
          refused(wanted);
        } else {
          bound(wanted, before);
        }
      }
    };
  }

  private static List<Route> routesOf(List<Wanted> all) {
    return all.stream().map(wanted -> wanted.route).toList();
  }

  /** Binds again what is bound to fanout exchanges. For one thread; blocks. */
  void reassert(Link link) throws IOException {
    List<Wanted> fanouts = new ArrayList<>();
    synchronized (this) {
      routes.values().stream()
          .filter(w -> w.bound && w.route.key().isEmpty())
          .forEach(fanouts::add);
    }
    Binder.bind(link.consuming(), names.nodeQueue, routesOf(fanouts));
  }

  private synchronized int sort(List<Wanted> bind, List<Wanted> unbind) {
    long old = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS);
    for (Wanted wanted : routes.values()) {
      if (wanted.count > 0 && !wanted.bound) {
        bind.add(wanted);
      } else if (wanted.count == 0 && wanted.idleSince - old <= 0) {
        unbind.add(wanted);
      }
    }
    unbind.forEach(wanted -> routes.remove(wanted.route));
    return lostLinks;
  }

  private void bound(Wanted wanted, int lostLinksBefore) {
    CompletableFuture<Void> ready;
    synchronized (this) {
      if (lostLinks != lostLinksBefore) {
        return; // that link is gone already
      }
      wanted.bound = true;
      wanted.wasBound = true;
      ready = wanted.ready;
    }
    ready.complete(null);
  }

  private void refused(Wanted wanted) {
    synchronized (this) {
      routes.remove(wanted.route, wanted);
    }
    wanted.ready.completeExceptionally(
        new RefusedException(
            "RabbitMQ allows no binding of "
                + names.nodeQueue
                + " to "
                + wanted.route.exchange()
                + ": the user needs the right to write the queue and read the exchange",
            null));
  }

  private static final class Wanted {
    private final Route route;
    private int count;
    private boolean bound;
    private boolean wasBound;
    private long idleSince;
    private CompletableFuture<Void> ready = new CompletableFuture<>();

    Wanted(Route route, int count) {
      this.route = route;
      this.count = count;
    }
  }
}
