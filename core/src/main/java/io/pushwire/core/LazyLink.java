package io.pushwire.core;

import io.pushwire.api.ClosedException;
import io.pushwire.api.ConfigurationException;
import io.pushwire.api.Envelope;
import io.pushwire.api.PublishException;
import io.pushwire.api.PushwireException;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in for a driver until it is open: with {@code driver.lazy} a node starts without its
 * broker. Subscriptions wait, in order; publishes fail.
 */
final class LazyLink implements MessageDriver {
  private static final Logger log = LoggerFactory.getLogger(LazyLink.class);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 2000;

  private volatile @Nullable MessageDriver driver;
  // guarded by this
  private final List<Waiting> waiting = new ArrayList<>();
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
      called = List.copyOf(waiting);
      waiting.clear();
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
    return call(d -> d.subscribe(targets));
  }

  @Override
  public CompletionStage<Void> unsubscribe(Collection<Target> targets) {
    return call(d -> d.unsubscribe(targets));
  }

  private CompletionStage<Void> call(Function<MessageDriver, CompletionStage<Void>> call) {
    MessageDriver d = driver;
    return d != null ? call.apply(d) : callLater(call);
  }

  private synchronized CompletionStage<Void> callLater(
      Function<MessageDriver, CompletionStage<Void>> call) {
    if (driver != null) {
      return call.apply(driver);
    }
    if (closed) {
      return CompletableFuture.failedStage(new ClosedException("The driver"));
    }
    Waiting later = new Waiting(call);
    waiting.add(later);
    return later.told;
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
      inVain = List.copyOf(waiting);
      waiting.clear();
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

  /** A call that waits for the driver, and what its caller was given for it. */
  private static final class Waiting {
    private final Function<MessageDriver, CompletionStage<Void>> call;
    private final CompletableFuture<Void> told = new CompletableFuture<>();
    private CompletionStage<Void> result =
        CompletableFuture.failedStage(new ClosedException("The driver"));

    Waiting(Function<MessageDriver, CompletionStage<Void>> call) {
      this.call = call;
    }

    void on(MessageDriver driver) {
      try {
        result = call.apply(driver);
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
