package io.pushwire.core;

import io.pushwire.api.ClosedException;
import io.pushwire.api.PublishException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a driver's link to its broker up: opens it, and when it is lost opens another one, after a
 * random pause of at most 50 ms, doubled with each failure up to half a second. Any thread.
 *
 * @param <L> the kind of link
 * @since 0.1
 */
public final class LinkKeeper<L> {
  private static final Logger log = LoggerFactory.getLogger(LinkKeeper.class);

  private final String name;
  private final LinkCalls<L> owner;
  private final ScheduledExecutorService executor;
  private final ReentrantLock receiving = new ReentrantLock();
  private final LinkPauses pauses = new LinkPauses();
  private final LinkGap gap;
  private volatile @Nullable L current;

  // guarded by this
  private CompletableFuture<L> coming = new CompletableFuture<>(); // done while there is a link
  private boolean closed;

  /**
   * @param name for the log, as {@code link to Redis}
   * @param owner opens the links and uses them
   * @param executor opens another one
   */
  public LinkKeeper(String name, LinkOwner<L> owner, ScheduledExecutorService executor) {
    this.name = name;
    this.owner = new LinkCalls<>(name, owner);
    this.executor = executor;
    this.gap = new LinkGap(name);
  }

  /**
   * Opens the first link, on the calling thread.
   *
   * @return completes when all is subscribed on it; fails as {@link LinkOwner#open} or {@link
   *     LinkOwner#up} does: then nothing is tried again, and the keeper is to be closed
   */
  public CompletionStage<Void> start() {
    return owner.open().thenCompose(this::opened);
  }

  private CompletionStage<Void> opened(L fresh) {
    if (!use(fresh)) {
      owner.down(fresh, "the driver was closed meanwhile");
      return CompletableFuture.failedStage(away());
    }
    CompletionStage<Void> subscribed = owner.up(fresh, link -> link == current);
    if (subscribed == null) {
      return CompletableFuture.failedStage(away());
    }
    // not before: what is asked of the link from now on comes after what the owner did
    tell(fresh);
    return subscribed.thenRun(() -> restored(fresh));
  }

  private synchronized boolean use(L fresh) {
    if (!closed) {
      current = fresh;
      pauses.up();
      gap.heard();
    }
    return !closed;
  }

  private void tell(L fresh) {
    CompletableFuture<L> waiting = new CompletableFuture<>();
    synchronized (this) {
      if (current == fresh) {
        waiting = coming;
        coming = CompletableFuture.completedFuture(fresh);
      }
    }
    waiting.complete(fresh);
  }

  private void restored(L fresh) {
    Interruption over;
    synchronized (this) { // a loss comes before, and the gap goes on, or after, and begins another
      over = current == fresh ? gap.end() : null;
    }
    if (over != null) {
      log.info("The {} is back after {} ms", name, pauses.awayMillis());
      owner.restored(over);
    }
  }

  /**
   * @return the link; null while there is none
   */
  public @Nullable L current() {
    return current;
  }

  /**
   * @return completes with the link, the next one if there is none; fails with {@link
   *     ClosedException} after close
   */
  public synchronized CompletionStage<L> link() {
    return coming.minimalCompletionStage();
  }

  /**
   * @return what to fail a publish with while there is no link
   */
  public synchronized RuntimeException away() {
    return closed
        ? new ClosedException("The " + name)
        : new PublishException("There is no " + name + " at the moment; send again later");
  }

  /**
   * Uses the link, if there is one. If that fails, the next one is made from what is wanted.
   *
   * @param use is given the link, at once
   */
  public void ifUp(Consumer<L> use) {
    L now = current;
    if (now != null) {
      try {
        use.accept(now);
      } catch (RuntimeException e) {
        log.debug("The {} could not be used", name, e);
      }
    }
  }

  /**
   * Delivers what came through a link, one message at a time; not what an old link still brings,
   * which would be late.
   *
   * @param from the link
   * @param delivery runs at once, or never
   */
  public void receive(L from, Runnable delivery) {
    receiving.lock();
    try {
      if (current == from) {
        gap.heard();
        delivery.run();
      }
    } finally {
      receiving.unlock();
    }
  }

  /**
   * Gives up a link and opens another one. Returns at once.
   *
   * @param gone the link; nothing happens if it is not the one in use
   * @param why for the log
   */
  public void lost(@Nullable L gone, String why) {
    synchronized (this) {
      if (closed || gone == null || current != gone) {
        return;
      }
      current = null;
      coming = coming.isDone() ? new CompletableFuture<>() : coming;
      gap.begin(why);
      pauses.down();
    }
    log.warn("The {} is lost: {}", name, why);
    later(
        0,
        () -> {
          owner.down(gone, why);
          openLater();
        });
  }

  private void openLater() {
    later(pauses.nextMillis(), () -> owner.open().whenComplete(this::openedAgain));
  }

  private void later(long millis, Runnable task) {
    try {
      executor.schedule(task, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("The {} was closed meanwhile", name);
    }
  }

  private void openedAgain(@Nullable L made, @Nullable Throwable e) {
    if (made != null) {
      try {
        opened(made);
      } catch (RuntimeException unusable) {
        log.debug("The {} could not be used", name, unusable);
        lost(made, "it could not be used: " + unusable.getMessage());
      }
    } else {
      log.debug("There is still no {}", name, e);
      openLater();
    }
  }

  /**
   * Opens no more links, and waits for the last delivery, two seconds at most.
   *
   * @return the link that was in use, for the caller to close; null if there was none
   */
  public @Nullable L close() {
    L last;
    CompletableFuture<L> inVain;
    synchronized (this) {
      closed = true;
      last = current;
      current = null;
      inVain = coming;
      coming = CompletableFuture.failedFuture(away());
    }
    inVain.completeExceptionally(away());
    try {
      if (receiving.tryLock(2, TimeUnit.SECONDS)) {
        receiving.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return last;
  }
}
