package io.pushwire.driver.redisqueue;

import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Starts at most {@value #WINDOW} commands at a time: a hundred thousand users who are subscribed
 * in one call must not all wait in the client.
 */
final class Pacer {
  static final int WINDOW = 100;

  private final Queue<Supplier<CompletionStage<?>>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger wanted = new AtomicInteger();
  private final Semaphore room = new Semaphore(WINDOW);

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
          next.get().whenComplete((reply, e) -> ended());
        }
      }
    } while (wanted.addAndGet(-seen) > 0);
  }

  private void ended() {
    room.release();
    pump();
  }
}
