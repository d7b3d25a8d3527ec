package io.pushwire.driver.redisqueue;

import java.util.Collection;
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

  CompletionStage<Boolean> isAlive(String node) {
    byte[] alive = shared.keys().node(node).alive();
    return shared.link().call(c -> c.exists(alive)).thenApply(count -> count > 0);
  }
}
