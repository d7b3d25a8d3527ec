package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.Envelope;
import io.pushwire.api.RefusedException;
import io.pushwire.api.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Names stay apart: of applications, of users, of topics. */
interface NamesContract extends Cases {
  /** What brokers use for patterns, hash tags and separators, and what they may count in bytes. */
  List<String> ODD_NAMES =
      List.of(
          "*",
          "a*",
          "ab",
          "a?",
          "[ab]",
          "#",
          "a.b",
          "a.*",
          "a.#",
          "a:b",
          "u:a",
          "{a}",
          "}{",
          "{user}",
          "a b",
          " a",
          "a ",
          "a/b",
          "a\\b",
          "'\"",
          "%41",
          "A",
          "a",
          "ä",
          "a\u0308",
          "用户",
          "😀",
          "x".repeat(255),
          "ü".repeat(255));

  @Case(9)
  default void keepsApplicationsApart() {
    Target user = Target.user("42");
    Target everyone = Target.everyone();
    Target nodes = new Target.Nodes();
    Peer here = cluster().peer("a");
    Peer there = cluster().other().peer("a");
    Target node = new Target.Node(here.self().id());
    for (Peer peer : List.of(here, there)) {
      peer.subscribe(user, everyone, Target.topic("t"));
    }
    List<Target> targets = List.of(user, everyone, Target.topic("t"), nodes, node);
    targets.forEach(target -> here.send(target, "here"));
    targets.forEach(target -> there.send(target, "there"));
    for (Target target : targets) {
      assertThat(here.await(target, 1)).extracting(NamesContract::text).containsExactly("here");
      assertThat(there.await(target, 1)).extracting(NamesContract::text).containsExactly("there");
    }
  }

  @Case(12)
  default void keepsOddNamesApartOrRefusesThem() {
    Peer a = cluster().peer("a");
    List<Target> taken = new ArrayList<>();
    Stream.concat(ODD_NAMES.stream().map(Target::user), ODD_NAMES.stream().map(Target::topic))
        .forEach(
            target -> {
              if (subscribes(a, target)) {
                taken.add(target);
              }
            });
    assertThat(taken).contains(Target.user("a"), Target.topic("ab"));
    taken.forEach(target -> a.send(target, target.toString()));
    taken.forEach(target -> a.await(target, 1));
    a.send(Target.user("a"), "last");
    a.await(Target.user("a"), 2);
    for (Target target : taken) {
      assertThat(a.delivery().received(target))
          .extracting(NamesContract::text)
          .filteredOn(text -> !text.equals("last"))
          .containsExactly(target.toString());
    }
  }

  private static boolean subscribes(Peer peer, Target target) {
    try {
      peer.subscribe(target);
      return true;
    } catch (IllegalArgumentException | RefusedException e) {
      assertThat(e).as("the refusal of %s", target).message().isNotBlank();
      return false;
    }
  }

  private static String text(Envelope envelope) {
    return envelope.payload().text();
  }
}
