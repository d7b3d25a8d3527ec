package io.pushwire.core;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the node a message to itself through the driver, again and again. A link that looks alive
 * must prove it: with two probes missed in a row it counts as down, and the driver is told to build
 * it anew. A probe is missed when it is not back in time and nothing else was received since it was
 * sent, so that a long backlog does not look like silence.
 *
 * <p>All but {@link #heard} and {@link #status} runs on the node's own thread.
 */
final class Probe {
  private static final Logger log = LoggerFactory.getLogger(Probe.class);
  private static final int MISSES_UNTIL_DOWN = 2;
  private static final Duration LONGEST_RELINK_PAUSE = Duration.ofSeconds(30);

  private final long incarnation;
  private final Duration interval;
  private final Consumer<Control> sendToSelf;
  private final Runnable relink;
  private final Consumer<Boolean> changed;
  private final NodeThread thread;
  private final Clock clock;

  private volatile boolean heard;
  private volatile LinkStatus status;

  private long sequence;
  private long sentAt;
  private int missed;
  private boolean reported;
  private Instant lastGood;
  private long relinkAt;
  private Duration relinkPause;
  private @Nullable Future<?> next;

  Probe(
      long incarnation,
      Duration interval,
      Consumer<Control> sendToSelf,
      Runnable relink,
      Consumer<Boolean> changed,
      NodeThread thread,
      Clock clock) {
    this.incarnation = incarnation;
    this.interval = interval;
    this.sendToSelf = sendToSelf;
    this.relink = relink;
    this.changed = changed;
    this.thread = thread;
    this.clock = clock;
    this.lastGood = clock.instant();
    this.relinkPause = interval;
    this.status = new LinkStatus(false, lastGood, Optional.empty());
  }

  LinkStatus status() {
    return status;
  }

  /** Something was received. Any thread. */
  void heard() {
    if (!heard) {
      heard = true;
    }
  }

  void start() {
    send();
  }

  private void send() {
    heard = false;
    sequence++;
    sentAt = System.nanoTime();
    // what publish says is not asked: a probe that was not taken does not come back
    sendToSelf.accept(new Control.Probe(incarnation, sequence));
    next = thread.after(interval.dividedBy(2), this::judge);
  }

  private void judge() {
    if (heard) {
      good(Optional.empty());
      schedule(interval.dividedBy(2));
    } else {
      missed++;
      if (missed >= MISSES_UNTIL_DOWN) {
        down();
      }
      // the second one follows at once: silence must show within two and a half intervals
      schedule(missed < MISSES_UNTIL_DOWN ? Duration.ZERO : interval.dividedBy(2));
    }
  }

  private void schedule(Duration pause) {
    next = thread.after(pause, this::send);
  }

  void received(Control.Probe probe) {
    if (probe.incarnation() == incarnation && probe.sequence() == sequence) {
      good(Optional.of(Duration.ofNanos(System.nanoTime() - sentAt)));
      if (next != null && next.cancel(false)) {
        schedule(interval);
      }
    } else {
      good(Optional.empty());
    }
  }

  private void good(Optional<Duration> roundTrip) {
    missed = 0;
    relinkPause = interval;
    Instant now = clock.instant();
    LinkStatus before = status;
    if (!before.up()) {
      status = new LinkStatus(true, now, roundTrip);
      if (reported) {
        log.info(
            "The link to the broker is back, after {} ms",
            Duration.between(lastGood, now).toMillis());
        reported = false;
      }
      changed.accept(true);
    } else if (roundTrip.isPresent()) {
      status = new LinkStatus(true, before.since(), roundTrip);
    }
    lastGood = now;
  }

  private void down() {
    if (!reported) {
      reported = true;
      log.warn(
          "Nothing has come through the link to the broker since {}; building it anew", lastGood);
      relinkAt = System.nanoTime();
    }
    if (status.up()) {
      status = new LinkStatus(false, clock.instant(), status.roundTrip());
      changed.accept(false);
    }
    if (System.nanoTime() - relinkAt >= 0) {
      long pause = relinkPause.toMillis();
      relinkAt =
          System.nanoTime()
              + TimeUnit.MILLISECONDS.toNanos(
                  pause + ThreadLocalRandom.current().nextLong(pause / 2 + 1));
      relinkPause =
          relinkPause.multipliedBy(2).compareTo(LONGEST_RELINK_PAUSE) > 0
              ? LONGEST_RELINK_PAUSE
              : relinkPause.multipliedBy(2);
      relink.run();
    }
  }
}
