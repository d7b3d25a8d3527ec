package io.pushwire.driver.rabbitmq;

import io.pushwire.core.Delivery;
import io.pushwire.core.Interruption;
import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Reports what {@link Gaps} finds: at most five times a second, however many there are. */
final class Missing {
  private static final long TOGETHER_MILLIS = 200;

  private final Gaps gaps = new Gaps();
  private final Delivery delivery;
  private final ScheduledExecutorService timer;
  private long count;
  private Instant since = Instant.EPOCH;

  Missing(Delivery delivery, ScheduledExecutorService timer) {
    this.delivery = delivery;
    this.timer = timer;
  }

  Gaps gaps() {
    return gaps;
  }

  /** On the consumer's thread. */
  void arrived(Route route, String origin, long sequence) {
    long missing = gaps.arrived(route, origin, sequence);
    if (missing > 0) {
      add(missing);
    }
  }

  private synchronized void add(long missing) {
    if (count == 0) {
      since = Instant.now();
      timer.schedule(this::report, TOGETHER_MILLIS, TimeUnit.MILLISECONDS);
    }
    count += missing;
  }

  private void report() {
    Interruption interruption;
    synchronized (this) {
      interruption =
          Interruption.of(
              since,
              Instant.now(),
              count + " messages are missing: dropped from this node's queue, or given up");
      count = 0;
    }
    delivery.interrupted(interruption);
  }
}
