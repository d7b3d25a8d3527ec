package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.ConnectionId;
import io.pushwire.testkit.BrokerControls.Control;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Nodes and brokers go away and come back: afterwards every roster says what is true. */
interface RecoveryContract extends Cases {
  /** In cases that need not wait for the default. */
  Duration HEARTBEAT = Duration.ofSeconds(1);

  /** How soon all rosters agree once the links are back. */
  Duration AGREED = HEARTBEAT.multipliedBy(3);

  @Case(value = 47, with = Control.RESTART)
  default void takesANodeBackThatWasStoppedForAWhile() {
    List<TestNode> nodes = cluster().nodes(2, fast());
    Map<String, String> settings = new HashMap<>(cluster().settings());
    settings.putAll(fast());
    ChildNode child =
        cluster().closing(ChildNode.start(cluster().provider(), settings, "sleeper", "dreamer"));
    Wait.until(() -> Truth.allSee(nodes, "dreamer"), () -> "the child's users are not known");
    List<ConnectionId> before = nodes.get(0).registry().connections("dreamer");
    child.jvm().pause();
    Wait.until(() -> !Truth.anySees(nodes, "dreamer"), () -> "a silent node is not forgotten");
    awayInTheLongRun();
    child.jvm().resume();
    // the same connections: none has been closed for it
    Wait.until(
        AGREED,
        () -> nodes.stream().allMatch(n -> n.registry().connections("dreamer").equals(before)),
        () -> "a node that came back is not known");
  }

  @Case(48)
  default void aNodeStartedAnewUnderItsNameBringsOnlyItsNewUsers() {
    TestNode other = cluster().nodes(1, Map.of()).get(0);
    Map<String, String> named = Map.of("node.id", "same");
    TestNode first = cluster().node(cluster().provider(), named);
    first.connect("before");
    Wait.until(() -> other.registry().isOnline("before"), () -> "'before' is not known");
    first.close();
    TestNode second = cluster().node(cluster().provider(), named);
    second.connect("after");
    Wait.until(
        () -> other.registry().isOnline("after") && !other.registry().isOnline("before"),
        () -> "the roster mixes both starts");
    assertThat(other.registry().nodes()).contains(second.node().info());
  }

  @Case(value = 48, with = Control.RESTART)
  default void aNodeKilledAndStartedAtOnceBringsOnlyItsNewUsers() {
    TestNode other = cluster().nodes(1, fast()).get(0);
    Map<String, String> settings = new HashMap<>(cluster().settings());
    settings.putAll(fast());
    settings.put("node.id", "same");
    ChildNode child =
        cluster().closing(ChildNode.start(cluster().provider(), settings, "before1", "before2"));
    Wait.until(() -> other.registry().isOnline("before2"), () -> "the child's users are not known");
    child.jvm().kill();
    TestNode second = cluster().node(cluster().provider(), settings);
    TestConnection after = second.connect("after");
    Wait.until(
        AGREED, () -> !other.registry().isOnline("before2"), () -> "the first start's are there");
    Truth.await(AGREED, List.of(other, second), List.of(after));
    assertThat(other.registry().nodes())
        .containsExactlyInAnyOrder(other.node().info(), second.node().info());
  }

  @Case(value = 49, with = Control.RESTART)
  default void agreesAfterTheBrokerWasGone() {
    agreesAfter(() -> cluster().broker().kill(), () -> cluster().broker().start(), true);
  }

  @Case(value = 49, with = Control.PAUSE)
  default void agreesAfterTheBrokerWasSilent() {
    agreesAfter(() -> cluster().broker().pause(), () -> cluster().broker().resume(), true);
  }

  @Case(value = 49, with = Control.CUT)
  default void agreesAfterItsConnectionsWereCut() {
    agreesAfter(() -> cluster().broker().cut(), () -> cluster().broker().cut(), false);
  }

  @Case(value = 49, with = Control.FLUSH)
  default void agreesAfterTheBrokerWasFlushed() {
    agreesAfter(() -> cluster().broker().flush(), () -> cluster().broker().flush(), false);
  }

  private void agreesAfter(Runnable fault, Runnable end, boolean isLong) {
    List<TestNode> nodes = cluster().nodes(3, fast());
    List<TestConnection> open = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      open.add(nodes.get(i % 3).connect("u" + i));
    }
    Truth.await(nodes, open);
    fault.run();
    if (isLong) {
      Wait.until(
          () -> nodes.stream().noneMatch(n -> n.node().link().up()), () -> "a link is still up");
      assertThat(nodes).allMatch(n -> n.registry().isStale());
      awayInTheLongRun();
    }
    for (int i = 0; i < 30; i++) {
      TestConnection gone = open.remove(0);
      nodes.forEach(n -> n.registry().unbind(gone));
      TestNode node = nodes.get(i % 3);
      TestConnection fresh = node.connection("late" + i);
      // stays pending while the broker is away, and counts as online all the same
      node.registry().bind(fresh);
      open.add(fresh);
    }
    end.run();
    Wait.until(() -> nodes.stream().allMatch(n -> n.node().link().up()), () -> "a link is down");
    // nobody was forgotten, nobody is left over
    Truth.await(AGREED, nodes, open);
    Wait.until(
        AGREED,
        () -> nodes.stream().noneMatch(n -> n.registry().isStale()),
        () -> "a roster is still stale");
    assertThat(nodes).allMatch(n -> n.registry().nodes().size() == 3);
    assertThat(open).noneMatch(connection -> connection.closeCode().isPresent());
  }

  private static void awayInTheLongRun() {
    Instant end = Instant.now().plusSeconds(Scale.of(0, 30));
    Wait.until(
        Duration.ofMinutes(1), () -> !Instant.now().isBefore(end), () -> "time stands still");
  }

  private static Map<String, String> fast() {
    return Map.of("roster.heartbeat", HEARTBEAT.toMillis() + " ms", "probe.interval", "500 ms");
  }
}
