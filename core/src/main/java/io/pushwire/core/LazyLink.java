package io.pushwire.core;

import io.pushwire.api.ClosedException;
import io.pushwire.api.ConfigurationException;
import io.pushwire.api.Envelope;
import io.pushwire.api.PublishException;
import io.pushwire.api.PushwireException;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in for a driver until it is open: with {@code driver.lazy} a node starts without its
 * broker. Subscriptions wait, in order, until they are ended again; publishes fail.
 */
final class LazyLink implements MessageDriver {
  private static final Logger log = LoggerFactory.getLogger(LazyLink.class);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 2000;

  private volatile @Nullable MessageDriver driver;
  // guarded by this
  private final Map<List<Target>, Waiting> waiting = new LinkedHashMap<>();
  private boolean closed;
  private @Nullable Thread opener;

  void open(Supplier<MessageDriver> open, boolean lazy) {
    try {
      opened(open.get());
    } catch (ConfigurationException e) {
      throw e;
    } catch (RuntimeException e) {
      if (!lazy) {
        throw e;
      }
      log.warn("The broker cannot be reached; trying on, as driver.lazy says: {}", e.toString());
      Thread thread = new Thread(() -> retry(open), "pushwire-driver-opener");
      thread.setDaemon(true);
      synchronized (this) {
        opener = thread;
      }
      thread.start();
    }
  }

  private void retry(Supplier<MessageDriver> open) {
    long pause = FIRST_PAUSE_MILLIS;
    String lastFailure = "";
    try {
      while (true) {
        synchronized (this) {
          if (!closed) {
            wait(pause / 2 + ThreadLocalRandom.current().nextLong(pause));
          }
          if (closed) {
            return;
          }
        }
        pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
        try {
          opened(open.get());
          log.info("The broker is there now");
          return;
        } catch (RuntimeException e) {
          String failure = e.toString();
          if (!failure.equals(lastFailure)) {
            log.warn("The broker still cannot be reached: {}", failure);
          }
          lastFailure = failure;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What waited is called in order, before anything new; its callers hear of it afterwards. */
  private void opened(MessageDriver opened) {
    List<Waiting> called;
    synchronized (this) {
      called = takeWaiting();
      if (!closed) {
        called.forEach(call -> call.on(opened));
        driver = opened;
      }
    }
    if (driver == null) {
      opened.close();
    }
    called.forEach(Waiting::tell);
  }

  @Override
  public CompletionStage<Receipt> publish(Envelope envelope) {
    MessageDriver d = driver;
    if (d != null) {
      return d.publish(envelope);
    }
    return CompletableFuture.failedStage(
        isClosed()
            ? new ClosedException("The driver")
            : new PublishException("The broker has not been reached yet; send again later"));
  }

  @Override
  public CompletionStage<Void> subscribe(Collection<Target> targets) {
    MessageDriver d = driver;
    return d != null ? d.subscribe(targets) : subscribeLater(List.copyOf(targets));
  }

  private synchronized CompletionStage<Void> subscribeLater(List<Target> targets) {
    if (driver != null) {
      return driver.subscribe(targets);
    }
    if (closed) {
      return CompletableFuture.failedStage(new ClosedException("The driver"));
    }
    Waiting later = new Waiting(targets);
    waiting.put(targets, later);
    return later.told;
  }

  @Override
  public CompletionStage<Void> unsubscribe(Collection<Target> targets) {
    MessageDriver d = driver;
    return d != null ? d.unsubscribe(targets) : forget(List.copyOf(targets));
  }

  /** Ends what waits, so that clients who come and go without a broker leave nothing. */
  private CompletionStage<Void> forget(List<Target> targets) {
    Waiting overtaken;
    synchronized (this) {
      if (driver != null) {
        return driver.unsubscribe(targets);
      }
      overtaken = waiting.remove(targets);
    }
    if (overtaken != null) {
      // elsewhere: the caller may hold a lock that what depends on it wants
      overtaken.told.completeAsync(() -> null);
    }
    return CompletableFuture.completedStage(null);
  }

  private List<Waiting> takeWaiting() {
    List<Waiting> all = List.copyOf(waiting.values());
    waiting.clear();
    return all;
  }

  /**
   * What the driver says of waiting messages; empty if it is open and keeps none.
   *
   * @param stores whether its provider claims to keep some, for as long as it is not open
   */
  Optional<StoredMessages> storedMessages(boolean stores) {
    MessageDriver d = driver;
    if (d != null) {
      return d instanceof StoredMessages stored ? Optional.of(stored) : Optional.empty();
    }
    return stores ? Optional.of(this::waitingOnceOpen) : Optional.empty();
  }

  private CompletionStage<Long> waitingOnceOpen(String user) {
    if (driver instanceof StoredMessages stored) {
      return stored.waiting(user);
    }
    return CompletableFuture.failedStage(
        isClosed()
            ? new ClosedException("The driver")
            : new PushwireException("The broker has not been reached yet; ask again later"));
  }

  @Override
  public void relink() {
    MessageDriver d = driver;
    if (d != null) {
      d.relink();
    }
  }

  @Override
  public void close() {
    Thread stop;
    List<Waiting> inVain;
    synchronized (this) {
      closed = true;
      inVain = takeWaiting();
      stop = opener;
      notifyAll();
    }
    inVain.forEach(Waiting::tell);
    if (stop != null) {
      stop.interrupt();
    }
    MessageDriver d = driver;
    if (d != null) {
      d.close();
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** A subscription that waits for the driver, and what its caller was given for it. */
  private static final class Waiting {
    private final List<Target> targets;
    private final CompletableFuture<Void> told = new CompletableFuture<>();
    private CompletionStage<Void> result =
        CompletableFuture.failedStage(new ClosedException("The driver"));

    Waiting(List<Target> targets) {
      this.targets = targets;
    }

    void on(MessageDriver driver) {
      try {
        result = driver.subscribe(targets);
      } catch (RuntimeException e) {
        result = CompletableFuture.failedStage(e);
      }
    }

    void tell() {
      result.whenComplete(
          (nothing, e) -> {
            if (e == null) {
              told.complete(null);
            } else {
              told.completeExceptionally(e);
            }
          });
    }
  }
}
