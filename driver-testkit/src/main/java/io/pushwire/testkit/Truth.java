package io.pushwire.testkit;

import io.pushwire.api.ConnectionId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who is really connected, to compare rosters with. */
final class Truth {
  private Truth() {}

  /** Waits until every node's roster says just that of the users of these connections. */
  static void await(List<TestNode> nodes, List<TestConnection> open) {
    Map<String, Set<ConnectionId>> truth = new HashMap<>();
    open.forEach(
        c -> truth.computeIfAbsent(c.user().orElseThrow(), u -> new HashSet<>()).add(c.id()));
    Wait.until(
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
}
