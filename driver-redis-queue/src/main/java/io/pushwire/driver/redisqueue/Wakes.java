package io.pushwire.driver.redisqueue;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells owners that something has come for their users. While one of these is under way to a node,
 * what else is for it is collected, and goes with the next one.
 */
final class Wakes {
  private static final int MOST_USERS = 500;
  private static final String MARK = "W\n";

  private final Posts posts;
  private final String self;
  private final Consumer<String> wakeHere;
  private final BiConsumer<String, String> dead;
  private final Map<String, Set<String>> collected = new HashMap<>(); // guarded by itself

  /**
   * @param self this node: nothing need be sent to it
   * @param wakeHere is called with a user whose list this node may own
   * @param dead is called with a node that is dead, and a user it owned
   */
  Wakes(Posts posts, String self, Consumer<String> wakeHere, BiConsumer<String, String> dead) {
    this.posts = posts;
    this.self = self;
    this.wakeHere = wakeHere;
    this.dead = dead;
  }

  void wake(String node, String user) {
    if (node.equals(self)) {
      wakeHere.accept(user);
      return;
    }
    synchronized (collected) {
      Set<String> others = collected.get(node);
      if (others != null) {
        others.add(user);
        return;
      }
      collected.put(node, new LinkedHashSet<>());
    }
    send(node, Set.of(user));
  }

  private void send(String node, Set<String> users) {
    byte[] entry = Keys.utf8(MARK + String.join("\n", users));
    posts.post(node, List.of(entry)).whenComplete((alive, e) -> sent(node, users, alive, e));
  }

  private void sent(
      String node, Set<String> users, @Nullable Boolean alive, @Nullable Throwable e) {
    Set<String> next = new LinkedHashSet<>();
    synchronized (collected) {
      Set<String> all = collected.get(node);
      if (all == null || all.isEmpty() || e != null) {
        collected.remove(node); // if the link is down the owner's sweep finds them
      } else {
        all.stream().limit(MOST_USERS).forEach(next::add);
        all.removeAll(next);
      }
    }
    if (!next.isEmpty()) {
      send(node, next);
    }
    if (alive != null && !alive) {
      users.forEach(user -> dead.accept(node, user));
    }
  }

  /** The users that an inbox entry wakes; null if it is something else. */
  static String @Nullable [] users(byte[] entry) {
    if (entry.length < 3 || entry[0] != 'W' || entry[1] != '\n') {
      return null;
    }
    return Keys.text(entry).substring(MARK.length()).split("\n", -1);
  }
}
