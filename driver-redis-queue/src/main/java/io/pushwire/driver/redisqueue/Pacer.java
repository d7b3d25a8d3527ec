package io.pushwire.driver.redisqueue;

import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts no more commands at a time than its window, one after the other in the order in which they
 * were given: a hundred thousand users who are subscribed in one call must not all wait in the
 * client.
 */
final class Pacer {
  private static final Logger log = LoggerFactory.getLogger(Pacer.class);

  private final Queue<Supplier<CompletionStage<?>>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger wanted = new AtomicInteger();
  private final Semaphore room;

  Pacer(int window) {
    room = new Semaphore(window);
  }

  void start(Supplier<CompletionStage<?>> command) {
    waiting.add(command);
    pump();
  }

  /** A command may end before it has begun: whoever is pumping already goes on, not deeper. */
  private void pump() {
    if (wanted.getAndIncrement() > 0) {
      return;
    }
    int seen;
    do {
      seen = wanted.get();
      while (!waiting.isEmpty() && room.tryAcquire()) {
        Supplier<CompletionStage<?>> next = waiting.poll();
        if (next == null) {
          room.release();
        } else {
          begin(next);
        }
      }
    } while (wanted.addAndGet(-seen) > 0);
  }

  /** Whatever becomes of one command, the others go on. */
  private void begin(Supplier<CompletionStage<?>> command) {
    CompletionStage<?> begun;
    try {
      begun = command.get();
    } catch (RuntimeException e) {
      log.error("A command could not begin", e);
      room.release();
      return;
    }
    begun.whenComplete((reply, e) -> ended());
  }

  private void ended() {
    room.release();
    pump();
  }
}
