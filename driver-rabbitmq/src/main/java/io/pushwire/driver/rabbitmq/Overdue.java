package io.pushwire.driver.rabbitmq;

import io.pushwire.api.PublishException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Gives up messages: all of them when the broker has fallen silent, each one when it has waited too
 * long for a link. For one thread, but for {@link #fail}.
 */
final class Overdue {
  /** How long the broker may be silent until it counts as gone. */
  private static final long SILENCE = TimeUnit.MILLISECONDS.toNanos(1500);

  /** How long a message may wait for the link to come back. */
  private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(30);

  private static final long AGE_CHECK = TimeUnit.SECONDS.toNanos(1);
  private static final long STOOD_STILL = TimeUnit.MILLISECONDS.toNanos(500);

  private final Executor failures;
  private final AtomicInteger failing = new AtomicInteger();
  private long lookedAt = System.nanoTime();
  private long agedAt = lookedAt;

  /**
   * @param failures calls back those whose message failed; it may take long
   */
  Overdue(Executor failures) {
    this.failures = failures;
  }

  /** Looks each {@link Publisher#TICK_MILLIS} while something is under way. */
  void look(PublisherSession session, Supplier<List<Outgoing>> underWay) {
    long now = System.nanoTime();
    if (now - lookedAt > STOOD_STILL) {
      // not the broker was silent: this JVM itself stood still
      session.unconfirmed.forgive(now);
    } else if (session.isUp() && session.unconfirmed.silentNanos(now) > SILENCE) {
      session.silent();
      giveUp(underWay.get(), o -> true, "does not answer");
    } else if (now - agedAt > AGE_CHECK) {
      agedAt = now;
      giveUp(underWay.get(), o -> now - o.since > LONGEST_WAIT, "did not confirm it within 30 s");
    }
    lookedAt = now;
  }

  /** Nothing is under way. */
  void nothing() {
    lookedAt = System.nanoTime();
  }

  private void giveUp(Collection<Outgoing> all, Predicate<Outgoing> which, String why) {
    if (failing.get() > 0) {
      return; // whoever is called back takes long; all that is left is found again
    }
    fail(
        all.stream().filter(which).toList(),
        o ->
            new PublishException(
                "RabbitMQ "
                    + why
                    + ": message "
                    + o.id
                    + " may still arrive; send again with the same id"));
  }

  /** Any thread; those that are done already stay so. */
  void fail(Collection<Outgoing> all, Function<Outgoing, RuntimeException> why) {
    List<Outgoing> open = all.stream().filter(o -> !o.isDone()).toList();
    if (!open.isEmpty()) {
      failing.incrementAndGet();
      failures.execute(
          () -> {
            open.forEach(o -> o.failed(why.apply(o)));
            failing.decrementAndGet();
          });
    }
  }
}
