package io.pushwire.driver.redisqueue;

import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Starts at most {@value #WINDOW} commands at a time: a hundred thousand users who are subscribed
 * in one call must not all wait in the client.
 */
final class Pacer {
  static final int WINDOW = 1000;

  private final Queue<Supplier<CompletionStage<?>>> waiting = new ConcurrentLinkedQueue<>();
  private final Semaphore room = new Semaphore(WINDOW);

  void start(Supplier<CompletionStage<?>> command) {
    waiting.add(command);
    pump();
  }

  private void pump() {
    while (!waiting.isEmpty() && room.tryAcquire()) {
      Supplier<CompletionStage<?>> next = waiting.poll();
      if (next == null) {
        room.release();
      } else {
        next.get().whenComplete((reply, e) -> ended());
      }
    }
  }

  private void ended() {
    room.release();
    pump();
  }
}
