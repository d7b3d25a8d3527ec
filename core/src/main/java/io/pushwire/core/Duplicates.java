package io.pushwire.core;

import io.pushwire.api.Envelope;
import io.pushwire.api.Target;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was delivered, by target and id, for at least {@link #MEMORY} and little more than
 * twice as long, unless there is too much of it. Two generations: the older is forgotten whole, so
 * nothing is kept per entry but its key.
 */
final class Duplicates {
  static final Duration MEMORY = Duration.ofSeconds(60);

  /** The most entries of one generation: about 12 MB. */
  static final int MAX_ENTRIES = 100_000;

  private final Map<Key, CompletionStage<Outcome>> underWay = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;
  private volatile Generations generations;

  Duplicates(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    generations = new Generations(fresh(), fresh(), nanoTime.getAsLong());
  }

  boolean contains(Envelope envelope) {
    Generations now = generations;
    Key key = new Key(envelope.target(), envelope.id());
    return !now.isOver(nanoTime, 2) && (now.young.contains(key) || now.old.contains(key));
  }

  void add(Envelope envelope) {
    Generations now = generations;
    if (now.isOver(nanoTime, 1) || now.young.size() >= MAX_ENTRIES) {
      now = turn(now);
    }
    now.young.add(new Key(envelope.target(), envelope.id()));
  }

  /**
   * The outcome of the same message's delivery that has begun and not ended; null if there is none.
   * When it completes, whether that was a delivery is remembered already.
   */
  @Nullable CompletionStage<Outcome> underWay(Envelope envelope) {
    return underWay.isEmpty() ? null : underWay.get(new Key(envelope.target(), envelope.id()));
  }

  /** Remembers it once the outcome is a delivery; until then it is under way. */
  CompletionStage<Outcome> addIfDelivered(Envelope envelope, CompletionStage<Outcome> outcome) {
    Key key = new Key(envelope.target(), envelope.id());
    CompletableFuture<Outcome> recorded = new CompletableFuture<>();
    underWay.put(key, recorded);
    outcome.whenComplete(
        (result, e) -> {
          if (result == Outcome.DELIVERED) {
            add(envelope);
          }
          underWay.remove(key, recorded);
          recorded.complete(result);
        });
    return recorded;
  }

  @SuppressWarnings("ReferenceEquality") // whether another thread has turned meanwhile
  private synchronized Generations turn(Generations seen) {
    if (generations == seen) {
      Set<Key> old = seen.isOver(nanoTime, 2) ? fresh() : seen.young;
      generations = new Generations(fresh(), old, nanoTime.getAsLong());
    }
    return generations;
  }

  private static Set<Key> fresh() {
    return ConcurrentHashMap.newKeySet();
  }

  private record Key(Target target, UUID id) {}

  private record Generations(Set<Key> young, Set<Key> old, long bornAt) {
    boolean isOver(LongSupplier nanoTime, int times) {
      return nanoTime.getAsLong() - bornAt > times * MEMORY.toNanos();
    }
  }
}
