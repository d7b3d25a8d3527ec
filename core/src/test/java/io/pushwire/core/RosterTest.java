package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeId;
import io.pushwire.api.NodeInfo;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RosterTest {
  private final Roster roster = new Roster();
  private final Roster.Holder a = holder("a", 1);
  private final Roster.Holder b = holder("b", 1);

  @Test
  void isOnlineWhileAnyConnectionIsLeft() {
    roster.add(a, "42", 1);
    roster.add(a, "42", 2);
    roster.add(b, "42", 1);
    assertThat(roster.connections("42"))
        .containsExactlyInAnyOrder(id("a", 1, 1), id("a", 1, 2), id("b", 1, 1));

    roster.remove(a, "42", 1);
    roster.remove(b, "42", 1);
    assertThat(roster.isOnline("42")).isTrue();
    assertThat(roster.connections("42")).containsExactly(id("a", 1, 2));

    roster.remove(a, "42", 2);
    assertThat(roster.isOnline("42")).isFalse();
    assertThat(roster.users()).isZero();
  }

  @Test
  void addingAndRemovingTwiceIsNoHarm() {
    roster.add(a, "42", 1);
    roster.add(a, "42", 1);
    assertThat(a.size()).isEqualTo(1);
    roster.remove(a, "42", 1);
    roster.remove(a, "42", 1);
    roster.remove(b, "42", 1);
    assertThat(a.size()).isZero();
    assertThat(b.size()).isZero();
  }

  @Test
  void aLateCloseOfAnOldConnectionLeavesTheNewOne() {
    Roster.Holder restarted = holder("a", 2);
    roster.add(a, "42", 1);
    roster.add(restarted, "42", 1);
    roster.remove(a, "42", 1);
    assertThat(roster.connections("42")).containsExactly(id("a", 2, 1));
  }

  @Test
  void removingANodeLeavesTheOthers() {
    for (int i = 0; i < 1000; i++) {
      roster.add(i % 2 == 0 ? a : b, "u" + i, i);
      roster.add(b, "u" + i, 5000 + i);
    }
    roster.removeAll(a);
    assertThat(a.size()).isZero();
    assertThat(b.size()).isEqualTo(1500);
    assertThat(roster.users()).isEqualTo(1000);
    Set<String> seen = new HashSet<>();
    roster.forEach(b, change -> seen.add(change.user() + "/" + change.number()));
    assertThat(seen).hasSize(1500);
  }

  private static Roster.Holder holder(String node, long incarnation) {
    return new Roster.Holder(NodeInfo.of(new NodeId(node), incarnation));
  }

  private static ConnectionId id(String node, long incarnation, long number) {
    return new ConnectionId(new NodeId(node), incarnation, number);
  }
}
