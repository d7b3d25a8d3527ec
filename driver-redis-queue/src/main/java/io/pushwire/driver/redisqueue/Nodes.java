package io.pushwire.driver.redisqueue;

import io.lettuce.core.SetArgs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The lease of this node, and a look at those of the others. */
final class Nodes {
  private final Shared shared;
  private volatile Set<String> alive = Set.of();

  Nodes(Shared shared) {
    this.shared = shared;
  }

  /** Whether a node's lease stood when this one looked last. */
  boolean seenAlive(String node) {
    return alive.contains(node);
  }

  /** Makes the node known; completes when whatever is sent to it arrives in its inbox. */
  CompletionStage<Void> register() {
    byte[] generation = Keys.number(shared.generation().get());
    SetArgs lease = SetArgs.Builder.px(shared.config().lease().toMillis());
    return shared
        .link()
        .call(c -> c.set(shared.me().alive(), generation, lease))
        .thenCompose(done -> join())
        .thenAccept(done -> {});
  }

  /** Puts it on the list of nodes, which is not kept for ever: to be done again and again. */
  CompletionStage<Long> join() {
    byte[] generation = Keys.number(shared.generation().get());
    byte[] ttl = Keys.number(shared.config().directoryTtl().toMillis());
    byte[][] place = {shared.keys().nodes};
    return shared.link().eval(Script.JOIN, place, shared.name(), generation, ttl);
  }

  /**
   * @return whether the lease stood, and stands on
   */
  CompletionStage<Boolean> renew() {
    Keys.NodeKeys me = shared.me();
    return shared
        .link()
        .<Long>eval(
            Script.RENEW,
            new byte[][] {me.alive(), me.inbox(), me.pend(), me.meta()},
            Keys.number(shared.config().lease().toMillis()),
            Keys.number(shared.config().inboxTtl().toMillis()))
        .thenApply(stands -> stands == 1);
  }

  /**
   * Looks at the leases, and buries the dead.
   *
   * @return whether a node is gone that was there when this one looked last
   */
  CompletionStage<Boolean> look() {
    return shared.link().call(c -> c.hgetall(shared.keys().nodes)).thenCompose(this::look);
  }

  private CompletionStage<Boolean> look(Map<byte[], byte[]> nodes) {
    Set<String> now = ConcurrentHashMap.newKeySet();
    List<CompletableFuture<?>> each = new ArrayList<>(nodes.size());
    for (Map.Entry<byte[], byte[]> node : nodes.entrySet()) {
      Keys.NodeKeys keys = shared.keys().node(Keys.text(node.getKey()));
      each.add(
          shared
              .link()
              .call(c -> c.exists(keys.alive()))
              .thenAccept(
                  stands -> {
                    if (stands > 0) {
                      now.add(keys.name());
                    } else {
                      bury(keys, node.getKey(), node.getValue());
                    }
                  })
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
        .thenApply(
            done -> {
              Set<String> gone = new HashSet<>(alive);
              gone.removeAll(now);
              alive = now;
              return !gone.isEmpty();
            });
  }

  private void bury(Keys.NodeKeys keys, byte[] node, byte[] generation) {
    byte[][] names = {keys.alive(), keys.inbox(), keys.pend(), keys.meta()};
    shared
        .link()
        .<Long>eval(Script.BURY, names, Keys.number(0))
        .thenAccept(
            buried -> {
              if (buried == 1) {
                byte[][] place = {shared.keys().nodes};
                shared.link().eval(Script.PART, place, node, generation);
              }
            });
  }

  /** The last thing this node does. */
  CompletionStage<?> farewell() {
    Keys.NodeKeys me = shared.me();
    byte[][] names = {me.alive(), me.inbox(), me.pend(), me.meta()};
    byte[] generation = Keys.number(shared.generation().get());
    shared.link().eval(Script.PART, new byte[][] {shared.keys().nodes}, shared.name(), generation);
    return shared.link().eval(Script.BURY, names, Keys.number(1));
  }
}
