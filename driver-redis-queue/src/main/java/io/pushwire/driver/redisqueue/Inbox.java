package io.pushwire.driver.redisqueue;

import io.lettuce.core.LMoveArgs;
import io.pushwire.api.Envelope;
import io.pushwire.api.Target;
import io.pushwire.core.Arrival;
import io.pushwire.core.Counters;
import io.pushwire.core.EnvelopeCodec;
import io.pushwire.core.Interruption;
import io.pushwire.core.MalformedException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what is for this node: live messages, copies for users whom another node owns, and wakes.
 * Its one thread blocks on its one connection; what it has taken stays pending until the next
 * claim, so that a reply which gets lost loses nothing.
 */
final class Inbox {
  private static final Logger log = LoggerFactory.getLogger(Inbox.class);
  private static final byte[] MOST_ENTRIES = Keys.number(500);
  private static final byte[] MOST_BYTES = Keys.number(1 << 20);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int BLOCK_SECONDS = 5;
  private static final int PATIENCE_SECONDS = BLOCK_SECONDS + 2;

  private final Shared shared;
  private final Workers workers;
  private final Barriers barriers;
  private final Thread thread;
  private long taken;
  private boolean failing;

  Inbox(Shared shared, Workers workers, Barriers barriers) {
    this.barriers = barriers;
    this.shared = shared;
    this.workers = workers;
    thread = new Thread(this::run, "pushwire-redis-queue-" + shared.context().self().id());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!shared.closed().get()) {
      try {
        List<?> entries = claim();
        entries.forEach(this::receive);
        failing = false;
        if (entries.isEmpty()) {
          waitForMore();
        }
      } catch (ExecutionException | TimeoutException | CancellationException e) {
        if (!failing) {
          failing = true;
          log.debug("The inbox cannot be read", e);
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        log.error("The inbox could not be read", e);
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private List<?> claim() throws InterruptedException, ExecutionException, TimeoutException {
    Keys.NodeKeys me = shared.me();
    List<?> reply =
        done(
            shared
                .link()
                .evalBlocking(
                    Script.CLAIM,
                    new byte[][] {me.inbox(), me.pend(), me.meta()},
                    Keys.number(taken),
                    MOST_ENTRIES,
                    MOST_BYTES,
                    Keys.number(shared.config().inboxTtl().toMillis())));
    long lost = (Long) reply.get(0);
    if (lost > 0) {
      shared.context().counters().dropped(Counters.Reason.OVERFLOW, lost);
      Instant now = Instant.now();
      String why = lost + " live messages were more than inbox-length allows";
      shared.context().delivery().interrupted(Interruption.of(now, now, why));
    }
    return (List<?>) reply.get(1);
  }

  private void waitForMore() throws InterruptedException, ExecutionException, TimeoutException {
    Keys.NodeKeys me = shared.me();
    LMoveArgs oldestToEnd = LMoveArgs.Builder.leftRight();
    byte[] first =
        done(
            shared
                .link()
                .callBlocking(c -> c.blmove(me.inbox(), me.pend(), oldestToEnd, BLOCK_SECONDS)));
    if (first != null) {
      receive(first);
    }
  }

  private static <T> T done(CompletionStage<T> stage)
      throws InterruptedException, ExecutionException, TimeoutException {
    return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private void receive(Object entry) {
    taken++;
    byte[] bytes = (byte[]) entry;
    if (barriers.passed(bytes)) {
      return;
    }
    String[] users = Wakes.users(bytes);
    if (users != null) {
      workers.wake(List.of(users));
      return;
    }
    try {
      if (!EnvelopeCodec.isInternal(bytes)) {
        throw new MalformedException("Nothing that a node writes");
      }
      deliver(shared.context().codec().decode(bytes));
    } catch (MalformedException e) {
      shared.context().counters().dropped(Counters.Reason.MALFORMED, 1);
      log.warn("Dropped what no node sends: {}", e.getMessage());
    } catch (RuntimeException e) {
      log.error("A message could not be delivered", e);
    }
  }

  private void deliver(Envelope envelope) {
    if (envelope.target() instanceof Target.User) {
      // a copy from the node that owns his list: in turn with what this one may own by now
      workers.of(envelope.target()).execute(() -> deliverLive(envelope));
    } else {
      deliverLive(envelope);
    }
  }

  private void deliverLive(Envelope envelope) {
    if (!shared.closed().get()) {
      shared.context().delivery().deliver(envelope, Arrival.LIVE);
    }
  }

  /** Waits until it has ended, unless it is the inbox' own thread that closes the driver. */
  void close(long millis) {
    if (Thread.currentThread() == thread) {
      return;
    }
    thread.interrupt();
    try {
      thread.join(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
