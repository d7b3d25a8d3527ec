package io.pushwire.driver.redisqueue;

import io.pushwire.api.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread, and the targets that belong to it. All that concerns a user happens on one worker:
 * nothing needs a lock, and he gets one message at a time. Not on the client's threads, which must
 * go on reading whatever a delivery takes.
 */
final class Worker {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private static final int MOST_USERS = 100;

  /** Calls at a time; with {@link #MOST_BYTES} it bounds what comes in. */
  private static final int MOST_DRAINS = 8;

  private static final int MOST_BYTES = 1 << 20;

  private final Map<Target, Holding> holdings = new HashMap<>();
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final ExecutorService thread;
  private final Pacer pacer;
  private final Bulk takes;
  private final Bulk leaves;
  private final Bulk drains;
  private int done;
  private volatile @Nullable Thread runs;

  Worker(String name, Shared shared, Pacer pacer) {
    this.pacer = pacer;
    RedisQueueConfig config = shared.config();
    byte[] ttl = Keys.number(config.directoryTtl().toMillis());
    takes = new Bulk(this, shared, Script.TAKE, pacer, MOST_USERS, shared.name(), ttl);
    leaves = new Bulk(this, shared, Script.LEAVE, pacer, MOST_USERS, shared.name(), ttl);
    drains =
        new Bulk(
            this,
            shared,
            Script.DRAIN,
            new Pacer(MOST_DRAINS),
            MOST_USERS,
            shared.name(),
            ttl,
            Keys.number(UserList.BATCH),
            config.consume().pop(),
            Keys.number(config.ttl().toMillis()),
            Keys.number(config.maxLength()),
            Keys.number(Entries.mostBytes(shared.context().maxPayloadSize())),
            Keys.number(MOST_BYTES));
    thread =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            tasks,
            task -> {
              Thread t = new Thread(task, name);
              t.setDaemon(true);
              runs = t;
              return t;
            });
    execute(() -> {}); // begins the thread: what fails for want of threads fails now
  }

  Pacer pacer() {
    return pacer;
  }

  /** Takes users' lists. */
  Bulk takes() {
    return takes;
  }

  /** Leaves them. */
  Bulk leaves() {
    return leaves;
  }

  /** Reads users' lists. */
  Bulk drains() {
    return drains;
  }

  void execute(Runnable task) {
    try {
      thread.execute(
          () -> {
            run(task);
            // what many ask for at a time goes in one call; nobody waits while nothing else happens
            if (tasks.isEmpty() || ++done == MOST_USERS) {
              done = 0;
              flush();
            }
          });
    } catch (RejectedExecutionException e) {
      log.trace("The driver closed meanwhile");
    }
  }

  /** Now, if this is the worker's thread. */
  void executeSoon(Runnable task) {
    if (Thread.currentThread() == runs) {
      task.run();
    } else {
      execute(task);
    }
  }

  /** On this worker: whatever fails is logged. */
  void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.error("A task of the driver failed", e);
    }
  }

  private void flush() {
    run(takes::flush);
    run(leaves::flush);
    run(drains::flush);
  }

  /** On this worker. */
  @Nullable Holding find(Target target) {
    return holdings.get(target);
  }

  /** On this worker. */
  void add(Holding holding) {
    holdings.put(holding.target, holding);
  }

  /** On this worker. */
  void forget(Holding holding) {
    holdings.remove(holding.target, holding);
  }

  /** On this worker: a copy, so that a step may forget its holding. */
  Collection<Holding> holdings() {
    return List.copyOf(holdings.values());
  }

  /** On this worker. */
  List<UserList> lists() {
    List<UserList> lists = new ArrayList<>(holdings.size());
    for (Holding holding : holdings.values()) {
      if (holding instanceof UserList list) {
        lists.add(list);
      }
    }
    return lists;
  }

  /** Waits until what was given to it has been done, unless this is called by the worker itself. */
  void settle(long millis) {
    if (Thread.currentThread() == runs) {
      return;
    }
    CountDownLatch done = new CountDownLatch(1);
    execute(done::countDown);
    try {
      if (!done.await(millis, TimeUnit.MILLISECONDS)) {
        log.warn("A delivery does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void close() {
    thread.shutdown();
  }
}
