package io.pushwire.driver.redisqueue;

import io.pushwire.core.Interruption;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is due again and again: the lease, a look at those of others, and the users' lists. */
final class Upkeep {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

  private final Shared shared;
  private final Nodes nodes;
  private final Sweep sweep;
  private volatile Instant renewedAt = Instant.now();
  private volatile boolean ended;

  Upkeep(Shared shared, Nodes nodes, Sweep sweep) {
    this.shared = shared;
    this.nodes = nodes;
    this.sweep = sweep;
  }

  void due() {
    if (ended || !shared.link().isUp()) {
      return;
    }
    nodes
        .renew()
        .thenCompose(stands -> stands ? stillThere() : forgotten())
        .whenComplete(
            (done, e) -> {
              if (e != null) {
                log.debug("What was due could not be done", e);
              }
            });
  }

  private CompletionStage<Void> stillThere() {
    renewedAt = Instant.now();
    nodes.join(); // fails while Redis is out of memory, and need not succeed each time
    return nodes.look().thenAccept(sweep::run);
  }

  /** Flushed, restarted without its data, or this node was silent for longer than its lease. */
  private CompletionStage<Void> forgotten() {
    Instant since = renewedAt;
    shared.generation().incrementAndGet();
    return nodes.register().thenCompose(done -> sweep.registerAll()).thenAccept(all -> say(since));
  }

  private void say(Instant since) {
    renewedAt = Instant.now();
    String why = "Redis has forgotten this node: flushed, restarted, or silent too long";
    shared.context().delivery().interrupted(Interruption.of(since, renewedAt, why));
  }

  void end() {
    ended = true;
  }
}
