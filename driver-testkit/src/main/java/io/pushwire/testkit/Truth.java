package io.pushwire.testkit;

import io.pushwire.api.ConnectionId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What rosters say, compared with who is really connected. */
final class Truth {
  private Truth() {}

  /** Waits until every node's roster says just that of the users of these connections. */
  static void await(List<TestNode> nodes, List<TestConnection> open) {
    await(Wait.PATIENCE, nodes, open);
  }

  static void await(Duration atMost, List<TestNode> nodes, List<TestConnection> open) {
    Map<String, Set<ConnectionId>> truth = new HashMap<>();
    open.forEach(
        c -> truth.computeIfAbsent(c.user().orElseThrow(), u -> new HashSet<>()).add(c.id()));
    Wait.until(
        atMost,
        () -> nodes.stream().allMatch(n -> difference(n, truth).isEmpty()),
        () -> "the rosters differ from the truth: " + describe(nodes, truth));
  }

  private static Set<String> difference(TestNode node, Map<String, Set<ConnectionId>> truth) {
    Set<String> users = new HashSet<>();
    truth.forEach(
        (user, ids) -> {
          if (!ids.equals(new HashSet<>(node.registry().connections(user)))) {
            users.add(user);
          }
        });
    return users;
  }

  private static String describe(List<TestNode> nodes, Map<String, Set<ConnectionId>> truth) {
    StringBuilder text = new StringBuilder();
    nodes.forEach(n -> text.append(n.node().info()).append(difference(n, truth)).append(' '));
    return text.toString();
  }

  static boolean allSee(List<TestNode> nodes, String user) {
    return nodes.stream().allMatch(n -> n.registry().isOnline(user));
  }

  static boolean anySees(List<TestNode> nodes, String user) {
    return nodes.stream().anyMatch(n -> n.registry().isOnline(user));
  }
}
