package io.pushwire.driver.redispubsub;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A channel that is wanted, or was; small, because there is one for each user of the node. */
final class Channel {
  final String name;
  boolean wanted;
  boolean confirmed; // by this connection's Redis
  boolean queued; // to be told to Redis, or being told
  boolean lingers;
  long lingersUntil;
  private @Nullable List<Call> calls; // of subscribe, that wait for it

  Channel(String name) {
    this.name = name;
  }

  void add(Call call) {
    call.open++;
    if (calls == null) {
      calls = List.of(call);
    } else {
      calls = new ArrayList<>(calls);
      calls.add(call);
    }
  }

  boolean isAwaited() {
    return calls != null;
  }

  /** The calls need not wait for this channel any more. */
  void settle(@Nullable RuntimeException failure, List<Runnable> done) {
    if (calls != null) {
      calls.forEach(call -> call.settled(failure, done));
      calls = null;
    }
  }

  /** One call of subscribe. */
  static final class Call {
    final CompletableFuture<Void> stage = new CompletableFuture<>();
    private int open;
    private @Nullable RuntimeException failure;

    boolean isOpen() {
      return open > 0;
    }

    private void settled(@Nullable RuntimeException e, List<Runnable> done) {
      failure = failure == null ? e : failure;
      if (--open == 0) {
        RuntimeException why = failure;
        done.add(why == null ? () -> stage.complete(null) : () -> stage.completeExceptionally(why));
      }
    }
  }
}
