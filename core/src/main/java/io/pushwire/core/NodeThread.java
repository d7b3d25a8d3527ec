package io.pushwire.core;

import io.pushwire.api.NodeId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which a node minds its roster and its probe. A task that throws ends nothing.
 */
final class NodeThread {
  private static final Logger log = LoggerFactory.getLogger(NodeThread.class);

  private final ScheduledThreadPoolExecutor executor;

  NodeThread(NodeId node) {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "pushwire-node-" + node);
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  void run(Runnable task) {
    after(Duration.ZERO, task);
  }

  Future<?> after(Duration pause, Runnable task) {
    try {
      return executor.schedule(() -> guarded(task), pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(null); // closed
    }
  }

  void every(Duration pause, Runnable task) {
    after(
        pause,
        () -> {
          every(pause, task);
          task.run();
        });
  }

  int waiting() {
    return executor.getQueue().size();
  }

  /** Waits for the task that is running, a second at most; what waits is dropped. */
  void close() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(1, TimeUnit.SECONDS)) {
        log.warn("The node's thread does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.warn("What nodes tell each other went wrong", e);
    }
  }
}
