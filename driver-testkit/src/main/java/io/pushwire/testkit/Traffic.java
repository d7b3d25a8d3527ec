package io.pushwire.testkit;

import io.pushwire.api.Envelope;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A steady stream of numbered messages from one driver to one target of another, on a thread of its
 * own; faults happen meanwhile.
 */
final class Traffic implements AutoCloseable {
  private static final int UNDER_WAY = 500;

  private final Peer from;
  private final Peer to;
  private final Target target;
  private final Tally tally = new Tally();
  private final Semaphore window = new Semaphore(UNDER_WAY);
  private final byte[] filling;
  private final long gapNanos;
  private final Thread thread = new Thread(this::run, "test-traffic");
  private volatile boolean stopped;
  private volatile int next;
  private volatile @Nullable Throwable failure;

  /**
   * @param perSecond how many messages; 0: as fast as they are taken
   * @param bytes how large they are; 4 at least
   */
  Traffic(Peer from, Peer to, Target target, int perSecond, int bytes) {
    this.from = from;
    this.to = to;
    this.target = target;
    this.filling = new byte[bytes];
    this.gapNanos = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
    to.delivery().keepNothing();
    to.delivery().onDeliver(this::received);
  }

  /** Subscribes the receiver, and begins to send. */
  Traffic start() {
    to.subscribe(target);
    thread.start();
    return this;
  }

  /** Sends so many on this thread, one after the other, as fast as the broker takes them. */
  Traffic send(int count) {
    to.subscribe(target);
    for (int i = 0; i < count; i++) {
      publish();
    }
    return this;
  }

  private void run() {
    try {
      sendUntilStopped();
    } catch (AssertionError | RuntimeException e) {
      failure = e;
    }
  }

  private void sendUntilStopped() {
    long due = System.nanoTime();
    while (!stopped) {
      publish();
      due = Math.max(due + gapNanos, System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(100));
      LockSupport.parkNanos(due - System.nanoTime());
    }
  }

  private int publish() {
    try {
      if (!window.tryAcquire(60, TimeUnit.SECONDS)) {
        throw new AssertionError("Publishes neither complete nor fail: " + UNDER_WAY);
      }
    } catch (InterruptedException e) {
      throw new AssertionError("Interrupted while publishing", e);
    }
    int number = next;
    next = number + 1;
    byte[] bytes = filling.clone();
    ByteBuffer.wrap(bytes).putInt(number);
    Envelope envelope =
        from.envelope(target, Payload.wrap(Payload.Type.BINARY, bytes, 0, bytes.length)).build();
    from.publish(envelope)
        .whenComplete(
            (receipt, e) -> {
              window.release();
              if (e == null) {
                tally.sent(number);
              } else {
                tally.refused();
              }
            });
    return number;
  }

  private void received(Envelope envelope) {
    if (envelope.target().equals(target)) {
      tally.delivered(envelope.payload().bytes().getInt());
    }
  }

  /** How many have been given to the driver. */
  int given() {
    return next;
  }

  /** Whether every publish has completed or failed. */
  boolean nothingUnderWay() {
    return window.availablePermits() == UNDER_WAY;
  }

  Peer sender() {
    return from;
  }

  Peer receiver() {
    return to;
  }

  Tally tally() {
    return tally;
  }

  /** Waits until messages flow. */
  Traffic flows() {
    return flowsWithin(Wait.PATIENCE);
  }

  /** Goes on until so many more have been given to the driver. */
  Traffic goOn(int count) {
    int until = next + count;
    Wait.until(() -> next >= until, () -> "publishing does not go on: " + next);
    return this;
  }

  /** From now on things should work again: waits until a message comes through. */
  Traffic flowsWithin(Duration atMost) {
    tally.faultOver(next);
    Wait.until(atMost, tally::recovered, () -> "nothing comes through: " + tally.result(0));
    return this;
  }

  /** Stops sending, and waits for the last ones: until one more has come after all of them. */
  Tally.Result settle() {
    close();
    if (failure != null) {
      throw new AssertionError("The sender failed", failure);
    }
    Wait.until(
        Wait.PATIENCE.multipliedBy(2),
        () -> {
          int last = publish();
          return Wait.within(Duration.ofSeconds(1), () -> tally.hasArrived(last));
        },
        () -> "the last message does not come through: " + tally.result(0));
    Wait.until(this::nothingUnderWay, () -> "publishes neither complete nor fail");
    Wait.within(
        Duration.ofSeconds(5),
        () -> tally.missing() == 0 || !to.delivery().interruptions().isEmpty());
    return tally.result(to.delivery().interruptions().size());
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join(Wait.PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
