package io.pushwire.core;

import io.pushwire.api.BatchReceipt;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One message to many targets, at most {@value #WINDOW} of them under way, so that a million users
 * need no more memory than a thousand.
 */
final class Batch {
  static final int WINDOW = 1000;

  private final UUID id;
  private final Iterator<Target> targets;
  private final Function<Target, CompletionStage<Receipt>> publish;
  private final CompletableFuture<BatchReceipt> receipt = new CompletableFuture<>();

  // guarded by this
  private final Map<Receipt.Status, Integer> counts = new EnumMap<>(Receipt.Status.class);
  private final Map<Target, Throwable> failures = new HashMap<>();
  private int failed;
  private int underWay;
  private boolean pumping;

  Batch(UUID id, Iterator<Target> targets, Function<Target, CompletionStage<Receipt>> publish) {
    this.id = id;
    this.targets = targets;
    this.publish = publish;
  }

  CompletionStage<BatchReceipt> start() {
    pump();
    return receipt;
  }

  /**
   * Publishes while there is room. A completion that comes while another thread, or a caller
   * further up this stack, is pumping leaves the rest to it.
   */
  private void pump() {
    synchronized (this) {
      if (pumping) {
        return;
      }
      pumping = true;
    }
    for (Target target = next(); target != null; target = next()) {
      Target one = target;
      publish.apply(one).whenComplete((taken, e) -> completed(one, taken, e));
    }
    if (isDone()) {
      receipt.complete(new BatchReceipt(id, counts, failed, failures));
    }
  }

  private synchronized boolean isDone() {
    return underWay == 0 && !pumping && !targets.hasNext();
  }

  private synchronized @Nullable Target next() {
    if (underWay < WINDOW && targets.hasNext()) {
      underWay++;
      return targets.next();
    }
    pumping = false;
    return null;
  }

  private void completed(Target target, @Nullable Receipt taken, @Nullable Throwable e) {
    synchronized (this) {
      underWay--;
      if (taken != null) {
        counts.merge(taken.status(), 1, Integer::sum);
      } else if (e != null) {
        failed++;
        if (failures.size() < BatchReceipt.MAX_FAILURES) {
          Throwable cause = e instanceof CompletionException ? e.getCause() : e;
          failures.put(target, cause == null ? e : cause);
        }
      }
      if (underWay > WINDOW / 2 && targets.hasNext()) {
        return;
      }
    }
    pump();
  }
}
