package io.pushwire.endpoint;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes daemon threads with a name and a number, from 0. */
final class NamedThreads implements ThreadFactory {
  private static final long IDLE_SECONDS = 10;

  private final String prefix;
  private final AtomicInteger count = new AtomicInteger();

  NamedThreads(String prefix) {
    this.prefix = prefix;
  }

  @Override
  public Thread newThread(Runnable target) {
    Thread thread = new Thread(target, prefix + count.getAndIncrement());
    thread.setDaemon(true);
    return thread;
  }

  /**
   * A pool whose threads end when idle. After its shutdown a task runs on the thread that brings
   * it, so that none is lost.
   */
  static ThreadPoolExecutor pool(String prefix, int threads) {
    BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            queue,
            new NamedThreads(prefix),
            (task, ended) -> task.run());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** Lets a pool finish what it has, but not longer than that. */
  static void end(ThreadPoolExecutor pool, Duration most) {
    pool.shutdown();
    try {
      if (!pool.awaitTermination(most.toNanos(), TimeUnit.NANOSECONDS)) {
        pool.shutdownNow();
      }
    } catch (InterruptedException e) {
      pool.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
