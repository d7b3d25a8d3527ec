package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rosters of several nodes over a driver that can lose messages and be cut off. */
class RosterSyncTest {
  private static final Duration HEARTBEAT = Duration.ofMillis(200);

  private final String prefix = "roster-" + System.nanoTime() + ":";
  private final List<PushwireNode> nodes = new ArrayList<>();
  private final Map<PushwireNode, FaultyMemoryProvider> links = new HashMap<>();
  private final Map<ConnectionId, SilentConnection> open = new HashMap<>();

  @BeforeEach
  void three() {
    open("a");
    open("b");
    open("c");
    awaitNodes(3);
  }

  @AfterEach
  void close() {
    nodes.forEach(PushwireNode::close);
  }

  @Test
  void aConnectIsKnownEverywhere() {
    SilentConnection one = connect(nodes.get(0), "42");
    await()
        .untilAsserted(
            () ->
                assertThat(nodes)
                    .allSatisfy(
                        n -> assertThat(n.registry().connections("42")).containsExactly(one.id())));
    nodes.get(0).registry().unbind(one);
    await().until(() -> nodes.stream().noneMatch(n -> n.registry().isOnline("42")));
  }

  @Test
  void aUserOnTwoNodesStaysOnlineWhenOneClosesLate() {
    int rounds = Boolean.getBoolean("pushwire.long") ? 1000 : 20;
    for (int i = 0; i < rounds; i++) {
      String user = "mover" + i;
      SilentConnection old = connect(nodes.get(0), user);
      await().until(() -> nodes.get(2).registry().isOnline(user));
      SilentConnection now = connect(nodes.get(1), user);
      nodes.get(0).registry().unbind(old);
      await()
          .pollInterval(Duration.ofMillis(1))
          .until(
              () -> {
                assertThat(nodes.get(2).registry().isOnline(user)).isTrue();
                return nodes.get(2).registry().connections(user).equals(List.of(now.id()));
              });
    }
  }

  @Test
  void rostersAgreeAlthoughAThirdOfAllMessagesIsLost() {
    links.values().forEach(link -> link.loss = 0.33);
    Random random = new Random(11);
    List<SilentConnection> live = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      if (live.isEmpty() || random.nextInt(3) > 0) {
        live.add(connect(nodes.get(random.nextInt(3)), "u" + random.nextInt(500)));
      } else {
        SilentConnection gone = live.remove(random.nextInt(live.size()));
        nodeOf(gone).registry().unbind(gone);
        open.remove(gone.id());
      }
    }
    links.values().forEach(link -> link.loss = 0);
    awaitTruth();
  }

  @Test
  void aNodeThatIsKilledIsForgottenWithItsUsers() {
    connect(nodes.get(0), "ghost");
    connect(nodes.get(0), "moved");
    connect(nodes.get(1), "moved");
    await().until(() -> nodes.get(2).registry().connections("moved").size() == 2);
    links.get(nodes.get(0)).cutOff = true;
    await()
        .atMost(HEARTBEAT.multipliedBy(10))
        .until(
            () -> {
              assertThat(nodes.get(2).registry().isOnline("moved")).isTrue();
              return !nodes.get(2).registry().isOnline("ghost");
            });
    assertThat(nodes.get(2).registry().nodes()).hasSize(2);
  }

  @Test
  void aNodeThatWasCutOffKeepsWhatItKnewSaysSoAndAgreesAgain() {
    connect(nodes.get(0), "a");
    connect(nodes.get(1), "b");
    awaitTruth();
    PushwireNode alone = nodes.get(0);
    links.get(alone).cutOff = true;
    await().until(() -> !alone.link().up());
    await().until(() -> !nodes.get(1).registry().isOnline("a"));
    assertThat(alone.registry().isStale()).isTrue();
    assertThat(alone.registry().isOnline("b")).isTrue();
    connect(alone, "a2");
    connect(nodes.get(1), "b2");

    links.get(alone).cutOff = false;
    await().until(() -> alone.link().up());
    awaitTruth();
    assertThat(alone.registry().isStale()).isFalse();
  }

  @Test
  void aNodeThatIsCutOffForgetsNobodyEvenBeforeItsProbeNotices() {
    PushwireNode alone = open("alone", Duration.ofMinutes(1));
    awaitNodes(4);
    connect(alone, "a");
    connect(nodes.get(1), "b");
    awaitTruth();
    links.get(alone).cutOff = true;
    await().until(() -> !nodes.get(1).registry().isOnline("a"));
    await().during(HEARTBEAT.multipliedBy(5)).until(() -> alone.registry().isOnline("b"));
    assertThat(alone.link().up()).isTrue();

    links.get(alone).cutOff = false;
    await()
        .until(
            () -> {
              assertThat(alone.registry().isOnline("b")).isTrue();
              return nodes.get(1).registry().isOnline("a");
            });
    awaitTruth();
    assertThat(alone.registry().nodes()).hasSize(4);
  }

  @Test
  void aNodeStartedAnewUnderItsNameBringsOnlyItsNewUsers() {
    PushwireNode first = nodes.get(0);
    connect(first, "before");
    await().until(() -> nodes.get(1).registry().isOnline("before"));
    links.get(first).cutOff = true;
    PushwireNode second = open("a");
    connect(second, "after");
    await()
        .until(
            () ->
                nodes.get(1).registry().isOnline("after")
                    && !nodes.get(1).registry().isOnline("before"));
    assertThat(nodes.get(1).registry().nodes())
        .contains(second.info())
        .doesNotContain(first.info());
  }

  @Test
  void aFarewellIsNotWaitedFor() {
    connect(nodes.get(0), "42");
    await().until(() -> nodes.get(1).registry().isOnline("42"));
    nodes.get(0).close();
    await()
        .atMost(HEARTBEAT.multipliedBy(2))
        .until(() -> nodes.get(1).registry().nodes().size() == 2);
    assertThat(nodes.get(1).registry().isOnline("42")).isFalse();
  }

  @Test
  void aLateNodeLearnsALargeRosterInParts() {
    for (int i = 0; i < 20_000; i++) {
      connect(nodes.get(i % 3), "user-with-a-rather-long-name-" + i);
    }
    open("late");
    awaitTruth();
  }

  @Test
  void withoutARosterItsQuestionsNameTheKey() {
    PushwireNode sender =
        PushwireNode.builder()
            .settings(
                Settings.of(
                    Map.of("driver", "memory", "driver.memory.prefix", prefix, "roster", "off")))
            .open();
    nodes.add(sender);
    assertThatThrownBy(() -> sender.registry().isOnline("42"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("roster=off");
    awaitNodes(3);
  }

  private PushwireNode open(String id) {
    return open(id, HEARTBEAT);
  }

  private PushwireNode open(String id, Duration probeInterval) {
    FaultyMemoryProvider provider = new FaultyMemoryProvider();
    PushwireNode node =
        PushwireNode.builder()
            .driver(provider)
            .settings(
                Settings.of(
                    Map.of(
                        "node.id",
                        id,
                        "driver.memory.prefix",
                        prefix,
                        "roster.heartbeat",
                        HEARTBEAT.toMillis() + " ms",
                        "probe.interval",
                        probeInterval.toMillis() + " ms")))
            .open();
    nodes.add(node);
    links.put(node, provider);
    return node;
  }

  private SilentConnection connect(PushwireNode node, String user) {
    SilentConnection c =
        new SilentConnection(node.registry().newId(), Optional.of(user), SilentConnection.LANE);
    open.put(c.id(), c);
    node.registry().bind(c);
    return c;
  }

  private PushwireNode nodeOf(SilentConnection c) {
    NodeInfo owner = NodeInfo.of(c.id().node(), c.id().incarnation());
    return nodes.stream().filter(n -> n.info().equals(owner)).findFirst().orElseThrow();
  }

  private void awaitNodes(int count) {
    await()
        .until(
            () ->
                nodes.stream()
                    .filter(n -> links.containsKey(n))
                    .allMatch(n -> n.registry().nodes().size() == count));
  }

  private void awaitTruth() {
    Map<String, Set<ConnectionId>> truth = new HashMap<>();
    open.values()
        .forEach(
            c -> truth.computeIfAbsent(c.user().orElseThrow(), u -> new HashSet<>()).add(c.id()));
    await()
        .untilAsserted(
            () ->
                nodes.forEach(
                    n ->
                        truth.forEach(
                            (user, ids) ->
                                assertThat(n.registry().connections(user))
                                    .as("%s at %s", user, n.info())
                                    .containsExactlyInAnyOrderElementsOf(ids))));
  }
}
