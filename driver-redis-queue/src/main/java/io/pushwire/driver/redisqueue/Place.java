package io.pushwire.driver.redisqueue;

import io.pushwire.api.Target;

/** This node's wish for what is sent to a topic or to everyone: a field in that target's hash. */
final class Place extends Holding {
  private final byte[] key;
  private final Shared shared;
  private byte[] generation = {};
  private long notedAt;

  Place(Target target, byte[] key, Worker worker, Shared shared) {
    super(target, worker);
    this.key = key;
    this.shared = shared;
  }

  @Override
  void register() {
    generation =
        Keys.number(System.nanoTime()); // to part from what was joined before comes to nothing
    byte[] ttl = Keys.number(shared.config().directoryTtl().toMillis());
    call(Script.JOIN, true, shared.name(), generation, ttl);
  }

  @Override
  void deregister() {
    call(Script.PART, false, shared.name(), generation);
  }

  /** Whether it should be noted anew, lest it outlive its time. */
  boolean isDue(long now, long afterNanos) {
    return isSettled() && now - notedAt > afterNanos;
  }

  private void call(Script script, boolean then, byte[]... args) {
    worker
        .pacer()
        .start(
            () ->
                shared
                    .link()
                    .eval(script, new byte[][] {key}, args)
                    .whenComplete((reply, e) -> worker.execute(() -> ended(then, e))));
  }

  private void ended(boolean then, @org.jspecify.annotations.Nullable Throwable e) {
    if (e != null) {
      notKnown(e);
    } else {
      registered(then);
      notedAt = System.nanoTime();
      step();
    }
  }
}
