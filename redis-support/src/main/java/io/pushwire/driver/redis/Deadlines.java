package io.pushwire.driver.redis;

import io.lettuce.core.RedisCommandTimeoutException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/**
 * Ends commands that Redis does not answer in {@link RedisUris#TIMEOUT}. All have the same time, so
 * a queue does. Any thread.
 *
 * @since 0.1
 */
public final class Deadlines {
  private record Entry(CompletableFuture<?> answer, long deadline) {}

  private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
  private final LongSupplier nanoTime;

  /** By the system's clock. */
  public Deadlines() {
    this(System::nanoTime);
  }

  Deadlines(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * @param answer fails in time, if {@link #check} is called often
   */
  public void add(CompletableFuture<?> answer) {
    if (!answer.isDone()) {
      entries.add(new Entry(answer, nanoTime.getAsLong() + RedisUris.TIMEOUT.toNanos()));
    }
  }

  /** Fails what is overdue; to be called ten times a second, from one thread. */
  public void check() {
    long now = nanoTime.getAsLong();
    for (Entry e = entries.peek(); e != null; e = entries.peek()) {
      if (!e.answer.isDone()) {
        if (now - e.deadline < 0) {
          return;
        }
        e.answer.completeExceptionally(
            new RedisCommandTimeoutException(
                "Redis did not answer within " + RedisUris.TIMEOUT.toMillis() + " ms"));
      }
      entries.poll();
    }
  }
}
