package io.pushwire.core;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls of a {@link LinkOwner}, one after the other: whatever it throws, the keeper goes on. */
final class LinkCalls<L> {
  private static final Logger log = LoggerFactory.getLogger(LinkCalls.class);

  private final String name;
  private final LinkOwner<L> owner;

  LinkCalls(String name, LinkOwner<L> owner) {
    this.name = name;
    this.owner = owner;
  }

  CompletionStage<L> open() {
    try {
      return owner.open();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CompletableFuture.failedStage(e);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /**
   * @param inUse whether it is not lost already
   * @return null if it is
   */
  synchronized @Nullable CompletionStage<Void> up(L link, Predicate<L> inUse) {
    return inUse.test(link) ? owner.up(link) : null;
  }

  synchronized void down(L link, String why) {
    try {
      owner.down(link, why);
    } catch (RuntimeException e) {
      log.warn("The lost {} could not be closed", name, e);
    }
  }

  void restored(Interruption gap) {
    owner.restored(gap);
  }
}
