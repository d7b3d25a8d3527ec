package io.pushwire.driver.redisqueue;

import io.pushwire.api.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** All workers of a driver; each target belongs to one. */
final class Workers {
  private static final int MOST = 4;
  private static final int MOST_CALLS = 100;

  private final List<Worker> workers = new ArrayList<>();
  private final BiFunction<Target, Worker, Holding> make;

  Workers(Shared shared, BiFunction<Target, Worker, Holding> make) {
    this.make = make;
    Pacer pacer = new Pacer(MOST_CALLS);
    int count = Math.max(2, Math.min(MOST, Runtime.getRuntime().availableProcessors()));
    for (int i = 1; i <= count; i++) {
      workers.add(
          new Worker("pushwire-redis-queue-" + shared.me().name() + "-" + i, shared, pacer));
    }
  }

  Worker of(Target target) {
    int hash = target.hashCode();
    return workers.get(Math.floorMod(hash ^ (hash >>> 16), workers.size()));
  }

  List<Worker> all() {
    return workers;
  }

  CompletionStage<Void> want(Collection<Target> targets, boolean on) {
    Countdown done = new Countdown(targets.size());
    BiConsumer<Worker, Target> want =
        (worker, target) -> {
          Holding holding = worker.find(target);
          if (holding == null) {
            holding = make.apply(target, worker);
            worker.add(holding);
          }
          holding.want(on, done);
        };
    if (targets.size() == 1) {
      Target one = targets.iterator().next();
      Worker worker = of(one);
      worker.execute(() -> want.accept(worker, one));
      return done.stage();
    }
    Map<Worker, List<Target>> byWorker = new HashMap<>();
    targets.forEach(t -> byWorker.computeIfAbsent(of(t), w -> new ArrayList<>()).add(t));
    byWorker.forEach(
        (worker, mine) -> worker.execute(() -> mine.forEach(t -> want.accept(worker, t))));
    return done.stage();
  }

  /** A user's list has something; or this node is said to own it. */
  void wake(String user) {
    tell(user, UserList::wake);
  }

  /** The same for many. */
  void wake(Collection<String> users) {
    Map<Worker, List<Target>> byWorker = new HashMap<>();
    for (String user : users) {
      Target target = Target.user(user);
      byWorker.computeIfAbsent(of(target), w -> new ArrayList<>()).add(target);
    }
    byWorker.forEach(
        (worker, mine) -> worker.execute(() -> mine.forEach(t -> tell(worker, t, UserList::wake))));
  }

  /** Tells a user's list something, if he is here. */
  void tell(String user, Consumer<UserList> what) {
    Target target = Target.user(user);
    Worker worker = of(target);
    worker.execute(() -> tell(worker, target, what));
  }

  private static void tell(Worker worker, Target target, Consumer<UserList> what) {
    if (worker.find(target) instanceof UserList list) {
      what.accept(list);
    }
  }

  /** Ends all that was subscribed; completes when Redis knows. */
  CompletionStage<Void> leaveAll() {
    Countdown done = new Countdown(workers.size());
    for (Worker worker : workers) {
      worker.execute(
          () -> {
            Collection<Holding> mine = worker.holdings();
            Countdown each = new Countdown(mine.size());
            each.stage().thenRun(done::one);
            mine.forEach(holding -> holding.want(false, each));
          });
    }
    return done.stage();
  }

  /** Waits until every worker has done what it was given before. */
  void settle(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (Worker worker : workers) {
      worker.settle(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
    }
  }

  void close() {
    workers.forEach(Worker::close);
  }
}
