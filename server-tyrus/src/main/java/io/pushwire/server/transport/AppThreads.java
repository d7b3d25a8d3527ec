package io.pushwire.server.transport;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that call the application. They come when needed and go when idle. */
final class AppThreads implements Executor {
  /** So many calls may block side by side: {@value}. */
  static final int MOST = 64;

  private static final int IDLE_SECONDS = 10;
  private static final Logger log = LoggerFactory.getLogger(AppThreads.class);

  // in the queue there is at most one entry for each connection
  private final ThreadPoolExecutor pool =
      new ThreadPoolExecutor(
          MOST,
          MOST,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          new DefaultThreadFactory("pushwire-app"));

  AppThreads() {
    pool.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable task) {
    pool.execute(task);
  }

  /** Makes the calls that wait, but not for ever. */
  void close(long millis) {
    pool.shutdown();
    try {
      if (!pool.awaitTermination(millis, TimeUnit.MILLISECONDS)) {
        log.warn("The application still handles messages, its threads are interrupted");
        pool.shutdownNow();
      }
    } catch (InterruptedException e) {
      pool.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
