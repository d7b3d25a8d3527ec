package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.Payload;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.core.Capability;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;

/** A node dies while its user's messages stream, or stands still for longer than it may. */
interface KilledNodeContract extends Cases {
  int STREAM = 3000;
  Duration SILENCE = Duration.ofSeconds(1);

  @Case(value = 28, needs = Capability.STORES_FOR_OFFLINE_USERS)
  @Timeout(3600) // fifty JVMs in the long run
  default void losesNothingWhenTheUsersNodeIsKilled() {
    TestNode sender = cluster().node();
    TestNode next = cluster().node();
    int duplicates = 0;
    int loops = Scale.of(1, 50);
    for (int loop = 0; loop < loops; loop++) {
      String user = "u" + loop;
      int killAt = 300 + 40 * loop;
      try (ChildNode child = ChildNode.start(cluster().provider(), cluster().settings(), user)) {
        List<CompletableFuture<Receipt>> taken = new ArrayList<>();
        for (int i = 0; i < STREAM; i++) {
          Payload text = Payload.text("m" + i);
          taken.add(sender.sender().send(Target.user(user), text).toCompletableFuture());
          if (i == killAt) {
            Wait.until(() -> child.texts().size() > killAt / 2, () -> "nothing comes through");
          } else if (i == killAt + 500) {
            child.jvm().kill();
          }
        }
        taken.forEach(receipt -> Wait.done(receipt, "send"));
        duplicates += reconnect(next, user, child.texts());
      }
    }
    int sent = loops * STREAM;
    Tally.Result result = new Tally.Result(sent, 0, sent, 0, duplicates, 0, 0, Optional.empty());
    cluster().show("the user's node killed " + loops + " times", result);
  }

  /** How many came twice. */
  private int reconnect(TestNode next, String user, List<String> before) {
    long begin = System.nanoTime();
    try (TestConnection connection = next.connect(user)) {
      connection.await(1);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
      connection.await("m" + (STREAM - 1));
      List<String> after = connection.texts();
      Set<String> all = new HashSet<>(before);
      all.addAll(after);
      assertThat(all).as("not lost").hasSize(STREAM);
      assertThat(before).as("order before").isEqualTo(numbers(0, before.size()));
      assertThat(after).as("order after").isEqualTo(numbers(STREAM - after.size(), STREAM));
      int duplicates = before.size() + after.size() - STREAM;
      assertThat(duplicates).as("duplicates").isBetween(0, cluster().mostUnderWay());
      return duplicates;
    }
  }

  @Case(value = 29, needs = Capability.STORES_FOR_OFFLINE_USERS)
  default void isFencedWhenItWakesUpTooLate() {
    Target user = Target.user("42");
    Map<String, String> hasty = cluster().keeping(1000, StoredContract.WEEK, SILENCE);
    TestNode other = cluster().node(cluster().provider(), hasty);
    try (ChildNode child = ChildNode.start(cluster().provider(), hasty, "42")) {
      other.send(user, "m0");
      Wait.until(() -> child.texts().contains("m0"), () -> "nothing comes through");
      IntStream.range(1, 50).forEach(i -> other.send(user, "m" + i));
      child.jvm().pause();
      Instant late = Instant.now().plus(SILENCE.multipliedBy(2));
      List<String> before = child.texts();
      IntStream.range(50, 200).forEach(i -> other.send(user, "m" + i));
      TestConnection back = other.connect("42");
      back.await("m199");
      assertThat(back.texts())
          .as("from where it stood still")
          .endsWith(numbers(before.size(), 200).toArray(String[]::new));
      back.close();
      IntStream.range(200, 300).forEach(i -> other.send(user, "m" + i));
      Wait.until(() -> Instant.now().isAfter(late), () -> "time stands still");
      child.jvm().resume();
      // it has its connection still: what waits is for it, and nothing is acknowledged unseen
      Wait.until(() -> child.texts().contains("m299"), () -> "nothing comes to it any more");
      assertThat(child.texts()).endsWith(numbers(200, 300).toArray(String[]::new));
    }
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
  }
}
