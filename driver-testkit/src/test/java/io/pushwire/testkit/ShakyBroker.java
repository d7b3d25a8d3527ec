package io.pushwire.testkit;

import io.pushwire.api.PublishException;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.core.Arrival;
import io.pushwire.core.Counters;
import io.pushwire.core.DriverContext;
import io.pushwire.core.Interruption;
import io.pushwire.core.MalformedException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Plays a broker outside of the JVM that fails on command, for {@link ShakyProvider}. */
final class ShakyBroker implements BrokerControls {
  final Set<DriverContext> drivers = ConcurrentHashMap.newKeySet();

  /** Whether drivers report what they may have missed. */
  volatile boolean reporting = true;

  /** Whether it pretends to keep what it accepted. */
  volatile boolean durable;

  volatile boolean down;
  private volatile CompletableFuture<Void> pause = CompletableFuture.completedFuture(null);
  private final AtomicInteger toLose = new AtomicInteger();

  @Override
  public Set<Control> supported() {
    return EnumSet.allOf(Control.class);
  }

  @Override
  public void kill() {
    down = true;
  }

  @Override
  public void start() {
    cut(); // what is accepted before anybody has subscribed again
    down = false;
  }

  @Override
  public void pause() {
    pause = new CompletableFuture<>();
  }

  @Override
  public void resume() {
    pause.complete(null);
  }

  @Override
  public void cut() {
    if (!drivers.isEmpty()) {
      toLose.addAndGet(3);
    }
  }

  void left(DriverContext driver) {
    drivers.remove(driver);
    if (drivers.isEmpty()) {
      toLose.set(0);
    }
  }

  @Override
  public void flush() {}

  @Override
  public Map<String, Long> leftovers(String prefix) {
    return Map.of("connections", (long) drivers.size());
  }

  @Override
  public void inject(String prefix, Target target, byte[] bytes) {
    for (DriverContext context : drivers) {
      try {
        context.delivery().deliver(context.codec().decode(bytes), Arrival.LIVE);
      } catch (MalformedException e) {
        context.counters().dropped(Counters.Reason.MALFORMED, 1);
      }
    }
  }

  @Override
  public boolean durable() {
    return durable;
  }

  /** Whether the next message is lost, which is reported if drivers do report. */
  boolean loses() {
    if (toLose.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
      return false;
    }
    Instant now = Instant.now();
    if (reporting) {
      drivers.forEach(
          d -> d.delivery().interrupted(Interruption.of(now, now, "the link was lost")));
    }
    return true;
  }

  void awaitResume() {
    pause.join();
  }

  CompletableFuture<Receipt> publish(Supplier<CompletableFuture<Receipt>> publish) {
    if (down) {
      return CompletableFuture.failedFuture(new PublishException("The broker is down"));
    }
    if (pause.isDone()) {
      return publish.get();
    }
    return pause
        .copy()
        .orTimeout(1, TimeUnit.SECONDS)
        .handle(
            (resumed, e) -> {
              if (e != null) {
                throw new PublishException("The broker does not answer", e);
              }
              return publish.get();
            })
        .thenCompose(receipt -> receipt);
  }
}
