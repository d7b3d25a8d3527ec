package io.pushwire.driver.redisqueue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Completes when the last of many has; fails with the first that does. */
final class Countdown {
  private final AtomicInteger open;
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  Countdown(int count) {
    open = new AtomicInteger(count);
    if (count == 0) {
      completed();
    }
  }

  void one() {
    if (open.decrementAndGet() == 0) {
      completed();
    }
  }

  @SuppressWarnings("NullAway") // the only value of a Void
  private void completed() {
    done.complete(null);
  }

  void failed(Throwable e) {
    done.completeExceptionally(e);
  }

  CompletionStage<Void> stage() {
    return done.minimalCompletionStage();
  }
}
