package io.pushwire.endpoint;

import io.pushwire.api.Envelope;
import io.pushwire.core.Lane;
import io.pushwire.core.Members;
import io.pushwire.core.WriteListener;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lane over the standard API: one thread that never blocks on a socket. */
final class SessionLane implements Lane {
  private static final Logger log = LoggerFactory.getLogger(SessionLane.class);

  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final Thread thread;
  private final long sendTimeoutNanos;
  private final long sweepNanos;

  /** Those with a frame in flight, the oldest first: a sweep looks at the late ones alone. */
  private final Set<SessionConnection> sending = new LinkedHashSet<>();

  private volatile boolean ended;

  /**
   * @param sendTimeout how long a frame may be in flight; zero: for ever
   */
  SessionLane(NamedThreads threads, Duration sendTimeout) {
    thread = threads.newThread(this::run);
    sendTimeoutNanos = sendTimeout.toNanos();
    sweepNanos =
        sendTimeoutNanos == 0
            ? TimeUnit.DAYS.toNanos(1)
            : Math.max(sendTimeoutNanos / 4, TimeUnit.MILLISECONDS.toNanos(1));
  }

  void start() {
    thread.start();
  }

  @Override
  public void execute(Runnable task) {
    if (!ended) {
      tasks.add(task);
    }
  }

  @Override
  public void write(Members members, Envelope envelope, WriteListener listener) {
    Frame frame = new Frame(envelope.payload());
    for (int i = 0; i < members.size(); i++) {
      ((SessionConnection) members.get(i)).write(frame, listener);
    }
  }

  /** The container was given the frames at once, or gets them one by one. */
  @Override
  public void flush() {}

  boolean isCurrentThread() {
    return Thread.currentThread() == thread;
  }

  void sending(SessionConnection connection, boolean now) {
    if (now) {
      sending.add(connection);
    } else {
      sending.remove(connection);
    }
  }

  /** Runs what has been given so far, fails what is in flight, and ends. Returns at once. */
  void end() {
    execute(
        () -> {
          ended = true;
          Set.copyOf(sending).forEach(SessionConnection::abandon);
          tasks.clear();
        });
  }

  void awaitEnd(long deadlineNanos) {
    try {
      long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      thread.join(Math.max(left, 1));
      if (thread.isAlive()) {
        log.warn("{} did not end in time and is interrupted", thread.getName());
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long sweepAt = System.nanoTime() + sweepNanos;
    while (!ended) {
      try {
        Runnable task = tasks.poll(sweepAt - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (task != null) {
          task.run();
        }
      } catch (InterruptedException e) {
        ended = true;
      } catch (Throwable e) { // a lane must outlive whatever one task does
        log.error("A task failed on {}", thread.getName(), e);
      }
      if (System.nanoTime() - sweepAt >= 0) {
        sweep();
        sweepAt = System.nanoTime() + sweepNanos;
      }
    }
  }

  private void sweep() {
    if (sendTimeoutNanos == 0) {
      return;
    }
    long late = System.nanoTime() - sendTimeoutNanos;
    while (!sending.isEmpty()) {
      SessionConnection oldest = sending.iterator().next();
      if (!oldest.sentBefore(late)) {
        return;
      }
      oldest.timedOut();
    }
  }
}
