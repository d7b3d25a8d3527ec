package io.pushwire.driver.redisqueue;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Puts what is for other nodes into their inboxes, where their leases stand. */
final class Posts {
  private final Shared shared;
  private final byte[] most;
  private final byte[] ttl;

  Posts(Shared shared) {
    this.shared = shared;
    most = Keys.number(shared.config().inboxLength());
    ttl = Keys.number(shared.config().inboxTtl().toMillis());
  }

  /**
   * @param node node and incarnation
   * @return whether it is alive
   */
  CompletionStage<Boolean> post(String node, Collection<byte[]> entries) {
    Keys.NodeKeys keys = shared.keys().node(node);
    byte[][] args = new byte[2 + entries.size()][];
    args[0] = most;
    args[1] = ttl;
    int i = 2;
    for (byte[] entry : entries) {
      args[i++] = entry;
    }
    byte[][] names = {keys.inbox(), keys.alive(), keys.meta()};
    return shared.link().<Long>eval(Script.POST, names, args).thenApply(length -> length >= 0);
  }

  /**
   * Posts to all nodes of a place, and forgets those that are dead.
   *
   * @return how many took it
   */
  CompletionStage<Integer> postAll(byte[] place, List<byte[]> entry) {
    return postAll(place, "", entry);
  }

  /** Only to those whose name begins so: all incarnations of one node. */
  CompletionStage<Integer> postAll(byte[] place, String begin, List<byte[]> entry) {
    return shared
        .link()
        .call(c -> c.hgetall(place))
        .thenCompose(
            nodes -> {
              CompletionStage<Integer> sum = CompletableFuture.completedStage(0);
              for (var node : nodes.entrySet()) {
                String name = Keys.text(node.getKey());
                if (!name.startsWith(begin)) {
                  continue;
                }
                CompletionStage<Boolean> taken = post(name, entry);
                sum = sum.thenCombine(taken, (n, alive) -> n + (alive ? 1 : 0));
                taken.thenAccept(alive -> forget(alive, place, node.getKey(), node.getValue()));
              }
              return sum;
            });
  }

  /** Not if it has joined again since: then its generation is another one. */
  private void forget(boolean alive, byte[] place, byte[] node, byte[] generation) {
    if (!alive) {
      shared.link().eval(Script.PART, new byte[][] {place}, node, generation);
    }
  }

  CompletionStage<Boolean> isAlive(String node) {
    byte[] alive = shared.keys().node(node).alive();
    return shared.link().call(c -> c.exists(alive)).thenApply(count -> count > 0);
  }
}
