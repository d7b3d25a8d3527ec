package io.pushwire.testkit;

import io.pushwire.api.Envelope;
import io.pushwire.api.Target;
import io.pushwire.core.Arrival;
import io.pushwire.core.Delivery;
import io.pushwire.core.Interruption;
import io.pushwire.core.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Remembers what a driver delivers, and whether it does so as it must: never two envelopes for one
 * target at a time. Any thread.
 *
 * @since 0.1
 */
public final class RecordingDelivery implements Delivery {
  private static final CompletionStage<Outcome> DELIVERED =
      CompletableFuture.completedStage(Outcome.DELIVERED);

  /**
   * One call of {@link #deliver}.
   *
   * @param envelope what arrived
   * @param arrival how
   */
  public record Received(Envelope envelope, Arrival arrival) {}

  private final Queue<Received> received = new ConcurrentLinkedQueue<>();
  private final Map<Target, List<Envelope>> byTarget = new ConcurrentHashMap<>();
  private final Map<Target, Thread> delivering = new ConcurrentHashMap<>();
  private final Queue<Interruption> interruptions = new ConcurrentLinkedQueue<>();
  private final Queue<String> mistakes = new ConcurrentLinkedQueue<>();
  private volatile Consumer<Envelope> onDeliver = envelope -> {};
  private volatile Function<Envelope, CompletionStage<Outcome>> answer = envelope -> DELIVERED;
  private volatile boolean keeping = true;
  private volatile boolean closed;

  /** Remembers from now on. */
  public RecordingDelivery() {}

  @Override
  public CompletionStage<Outcome> deliver(Envelope envelope, Arrival arrival) {
    if (closed) {
      mistakes.add("Delivered after close: " + envelope);
    }
    Thread other = delivering.putIfAbsent(envelope.target(), Thread.currentThread());
    if (other != null) {
      mistakes.add(
          "Delivered " + envelope + " while " + other + " was delivering to the same target");
    }
    try {
      if (keeping) {
        received.add(new Received(envelope, arrival));
        byTarget
            .computeIfAbsent(
                envelope.target(), target -> Collections.synchronizedList(new ArrayList<>()))
            .add(envelope);
      }
      onDeliver.accept(envelope);
    } finally {
      if (other == null) {
        delivering.remove(envelope.target());
      }
    }
    return answer.apply(envelope);
  }

  @Override
  public void interrupted(Interruption interruption) {
    interruptions.add(interruption);
  }

  /**
   * @param hook is called with each envelope on the driver's thread, which may wait in it
   */
  public void onDeliver(Consumer<Envelope> hook) {
    onDeliver = hook;
  }

  /**
   * @param answer says what becomes of each envelope; if not given, all are delivered at once
   */
  public void answer(Function<Envelope, CompletionStage<Outcome>> answer) {
    this.answer = answer;
  }

  /** Forgets what it has and remembers no more envelopes; for loads that would fill the heap. */
  public void keepNothing() {
    keeping = false;
    received.clear();
    byTarget.clear();
  }

  /**
   * @return all that was delivered, in the order of arrival
   */
  public List<Received> received() {
    return List.copyOf(received);
  }

  /**
   * @param target a target
   * @return what was delivered to it, in order
   */
  public List<Envelope> received(Target target) {
    List<Envelope> list = byTarget.getOrDefault(target, List.of());
    synchronized (list) {
      return List.copyOf(list);
    }
  }

  /**
   * @param target a target
   * @return how much was delivered to it
   */
  public int count(Target target) {
    return byTarget.getOrDefault(target, List.of()).size();
  }

  /**
   * @return the interruptions that were reported
   */
  public List<Interruption> interruptions() {
    return List.copyOf(interruptions);
  }

  /**
   * @return what the driver did although it must not
   */
  public List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  void closed() {
    closed = true;
  }
}
