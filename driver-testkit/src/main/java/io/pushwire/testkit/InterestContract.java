package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.Envelope;
import io.pushwire.api.Payload;
import io.pushwire.api.SendOptions;
import io.pushwire.api.Target;
import io.pushwire.api.WhenOffline;
import io.pushwire.core.Capability;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Who gets what: connections that come, go and move. */
interface InterestContract extends Cases {
  /** How long a hundred thousand targets may take. */
  Duration BRISK = Duration.ofSeconds(5);

  @Case(17)
  default void reachesConnectionsFromBindToUnbind() {
    TestNode a = cluster().node();
    TestNode b = cluster().node();
    TestConnection stays = b.connect("stays", "t");
    TestConnection leaves = b.connect("leaves", "t");
    for (Target target : List.of(Target.user("leaves"), Target.topic("t"), Target.everyone())) {
      a.send(target, "1 " + target);
      leaves.await("1 " + target);
    }
    stays.await(2);
    b.registry().leave(leaves, "t");
    a.send(Target.topic("t"), "left");
    leaves.close();
    a.send(Target.user("leaves"), "gone");
    a.send(Target.everyone(), "gone");
    TestConnection back = b.connect("leaves");
    a.send(Target.user("leaves"), "back");
    a.send(Target.topic("t"), "back");
    a.send(Target.everyone(), "back");
    back.await(2);
    stays.await(6);
    assertThat(leaves.texts()).hasSize(3).allMatch(text -> text.startsWith("1 "));
    assertThat(back.texts()).doesNotContain("left").filteredOn("back"::equals).hasSize(2);
  }

  @Case(17)
  default void reachesOneConnectionByItsIdAndSparesOthers() {
    TestNode a = cluster().node();
    TestNode b = cluster().node();
    TestConnection one = b.connect(null, "t");
    TestConnection two = b.connect(null, "t");
    a.send(Target.connection(one.id()), "for one");
    SendOptions notOne = SendOptions.builder().except(Set.of(one.id())).build();
    Wait.done(a.sender().send(Target.topic("t"), Payload.text("but one"), notOne), "send");
    a.send(Target.topic("t"), "all");
    one.await("all");
    two.await("all");
    assertThat(one.texts()).containsExactlyInAnyOrder("for one", "all");
    assertThat(two.texts()).containsExactly("but one", "all");
  }

  @Case(value = 18, needs = Capability.ROUTES_USERS)
  default void subscribesAHundredThousandTargetsAtOnce() {
    int count = 100_000;
    Peer a = cluster().peer("a");
    Peer b = cluster().peer("b");
    List<Target> users = IntStream.range(0, count).mapToObj(i -> Target.user("u" + i)).toList();
    boolean counts = cluster().controls(BrokerControls.Control.LEFTOVERS);
    Map<String, Long> before = counts ? cluster().broker().leftovers() : Map.of();
    // whatever else the machine does, it does not do it all the time
    Duration took = subscribe(b, users);
    for (int round = 1; round < 3 && took.compareTo(BRISK) >= 0; round++) {
      Wait.done(b.driver().unsubscribe(users), Duration.ofSeconds(30), "unsubscribe");
      took = subscribe(b, users);
    }
    assertThat(took).isLessThan(BRISK);
    for (int i = 0; i < count; i += count / 100) {
      a.send(users.get(i), "hello");
      b.await(users.get(i), 1);
    }
    Wait.done(b.driver().unsubscribe(users), Duration.ofSeconds(30), "unsubscribe");
    if (counts) {
      Wait.until(
          () -> cluster().broker().leftovers().equals(before),
          () -> cluster().broker().leftovers() + ", before " + before);
    }
  }

  private static Duration subscribe(Peer peer, List<Target> targets) {
    long begin = System.nanoTime();
    Wait.done(peer.driver().subscribe(targets), Duration.ofSeconds(30), "subscribe");
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @Case(19)
  default void reachesAUserOnAllHisNodes() {
    TestNode a = cluster().node();
    TestNode b = cluster().node();
    List<TestConnection> his = List.of(a.connect("42"), b.connect("42"), b.connect("42"));
    a.send(Target.user("42"), "1");
    b.send(Target.user("42"), "2");
    for (TestConnection connection : his) {
      connection.await(2);
      assertThat(connection.texts()).containsExactlyInAnyOrder("1", "2");
    }
  }

  @Case(20)
  default void losesNothingWhenAUserMovesFromNodeToNode() {
    Target user = Target.user("42");
    List<TestNode> nodes = List.of(cluster().node(), cluster().node());
    TestNode sender = cluster().node();
    TestConnection old = nodes.get(1).connect("42");
    for (int i = 0; i < 1000; i++) {
      TestConnection young = nodes.get(i % 2).connect("42");
      old.close();
      sender.send(user, "m" + i);
      young.await("m" + i);
      old = young;
    }
  }

  @Case(value = 20, needs = Capability.STORES_FOR_OFFLINE_USERS)
  default void losesNothingStoredWhileAUserMoves() {
    Target user = Target.user("42");
    SendOptions queue = SendOptions.builder().whenOffline(WhenOffline.QUEUE).build();
    List<TestNode> nodes = List.of(cluster().node(), cluster().node());
    TestNode sender = cluster().node();
    TestConnection old = nodes.get(1).connect("42");
    for (int i = 0; i < 1000; i++) {
      old.close();
      Wait.done(sender.sender().send(user, Payload.text("m" + i), queue), "send");
      old = nodes.get(i % 2).connect("42");
      old.await("m" + i);
    }
  }

  @Case(20)
  default void subscribesAgainAndAgain() {
    Peer a = cluster().peer("a");
    Target user = Target.user("42");
    for (int i = 1; i <= 200; i++) {
      List<Target> targets = List.of(user);
      a.driver().subscribe(targets);
      a.driver().unsubscribe(targets);
      Wait.done(a.driver().subscribe(targets), "subscribe");
      a.send(user, "m" + i);
      List<Envelope> got = a.await(user, i);
      assertThat(got).hasSize(i);
      a.driver().unsubscribe(targets);
    }
  }
}
