package io.pushwire.core;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Watches the frames of one stored envelope on all lanes: delivered with the first that is written,
 * nobody here when none can be any more.
 */
final class StoredDelivery implements WriteListener {
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private final AtomicInteger open;

  StoredDelivery(int lanes) {
    open = new AtomicInteger(lanes);
  }

  CompletionStage<Outcome> outcome() {
    return outcome;
  }

  /** A lane knows how many frames it writes. */
  void reached(int members) {
    close(1 - members);
  }

  @Override
  public void written(Connection connection) {
    outcome.complete(Outcome.DELIVERED);
    close(1);
  }

  @Override
  public void failed(Connection connection) {
    close(1);
  }

  /** It stays stored, unless a frame has been written: repeated rather than lost. */
  void giveUp() {
    outcome.complete(Outcome.NOBODY_HERE);
  }

  private void close(int count) {
    if (open.addAndGet(-count) == 0) {
      outcome.complete(Outcome.NOBODY_HERE);
    }
  }
}
