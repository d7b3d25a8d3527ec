package io.pushwire.driver.redisqueue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What a user's list needs of the other nodes. */
final class Peers {
  private static final byte[] NOTHING = Keys.utf8("0");

  private final Shared shared;
  private final Posts posts;
  private final Wakes wakes;
  private final Entries entries;
  private final DeadLetters dead;
  private final Barriers barriers;
  private final Predicate<String> seenAlive;

  /**
   * @param wakeHere is called with a user whose list this node may own
   * @param seenAlive whether a node's lease stood when this one looked last
   */
  Peers(
      Shared shared,
      Posts posts,
      Barriers barriers,
      Consumer<String> wakeHere,
      Predicate<String> seenAlive) {
    this.barriers = barriers;
    this.shared = shared;
    this.posts = posts;
    this.wakes =
        new Wakes(posts, shared.me().name(), wakeHere, (node, user) -> replace(user, node));
    this.entries = new Entries(shared);
    this.dead = new DeadLetters(shared);
    this.seenAlive = seenAlive;
  }

  Entries entries() {
    return entries;
  }

  Barriers barriers() {
    return barriers;
  }

  DeadLetters dead() {
    return dead;
  }

  void wake(String node, String user) {
    wakes.wake(node, user);
  }

  CompletionStage<Boolean> isAlive(String node) {
    return posts.isAlive(node);
  }

  /** Somebody else owns a list of this node: if he is dead, he is replaced. */
  void checkOwner(String user, String owner) {
    if (!seenAlive.test(owner)) {
      replace(user, owner);
    }
  }

  /**
   * Takes a node out of a user's directory if its lease is gone. The lease is read between the
   * directory and the change, which is made only if the node has not registered again since.
   */
  private void replace(String user, String node) {
    byte[][] keys = shared.keys().user(user);
    byte[] own = keys[1];
    shared
        .link()
        .call(c -> c.hget(own, Keys.utf8("h")))
        .thenAccept(
            holders -> {
              String generation = holders == null ? "" : generation(Keys.text(holders), node);
              if (!generation.isEmpty()) {
                isAlive(node)
                    .thenAccept(
                        alive -> {
                          if (!alive) {
                            remove(user, node, generation);
                          }
                        });
              }
            });
  }

  private void remove(String user, String node, String generation) {
    byte[] ttl = Keys.number(shared.config().directoryTtl().toMillis());
    shared
        .link()
        .<List<Object>>eval(
            Script.LEAVE,
            shared.keys().user(user),
            Keys.utf8(node),
            ttl,
            Keys.utf8(generation),
            NOTHING,
            NOTHING)
        .thenAccept(
            heirs -> {
              String heir = Keys.text(heirs.get(0));
              if (!heir.isEmpty()) {
                wake(heir, user);
              }
            });
  }

  /** Copies for the connections that the user has on another node. */
  CompletionStage<?> forward(String node, String user, List<byte[]> copies) {
    return posts
        .post(node, copies)
        .thenAccept(
            alive -> {
              if (!alive) {
                replace(user, node);
              }
            });
  }

  /** The nodes that hold a user beside this one. */
  List<String> others(String holders) {
    if (holders.indexOf(' ') < 0) {
      return List.of();
    }
    List<String> others = new ArrayList<>();
    for (String holder : holders.split(" ", -1)) {
      String node = holder.substring(0, holder.indexOf('='));
      if (!node.equals(shared.me().name())) {
        others.add(node);
      }
    }
    return others;
  }

  /** Whether this node is one of those that hold a user. */
  boolean isAmong(String holders) {
    return !generation(holders, shared.me().name()).isEmpty();
  }

  private static String generation(String holders, String node) {
    for (String holder : holders.split(" ", -1)) {
      if (holder.startsWith(node + "=")) {
        return holder.substring(node.length() + 1);
      }
    }
    return "";
  }
}
