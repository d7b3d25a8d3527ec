package io.pushwire.driver.redisqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Target;
import io.pushwire.testkit.ChildNode;
import io.pushwire.testkit.TestConnection;
import io.pushwire.testkit.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node dies, or stands still for longer than its lease. */
class NodeKilledIT {
  private static final Target USER = Target.user("42");
  private static final String[] HASTY = {"lease", "1 s", "sweep", "200 ms"};

  private final Redis redis = Redis.start();

  @AfterEach
  void stop() throws Exception {
    redis.close();
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }

  @Test
  void handsItsUsersToTheirOtherNodesWhenItsLeaseEnds() throws Exception {
    TestNode other = redis.node(HASTY);
    TestConnection tab = other.connect("42");
    try (ChildNode child = redis.child("42", HASTY)) {
      other.send(USER, "0");
      tab.await("0");
      await().until(() -> child.texts().contains("0"));
      child.jvm().kill();
      IntStream.range(1, 100).forEach(i -> other.send(USER, Integer.toString(i)));
      await().atMost(Duration.ofSeconds(5)).until(() -> tab.texts().contains("99"));
      assertThat(tab.texts()).isEqualTo(numbers(0, 100));
    }
  }

  @Test
  void isFencedWhenItWakesUpAfterItsLease() throws Exception {
    TestNode other = redis.node(HASTY);
    TestConnection tab = other.connect("42");
    try (ChildNode child = redis.child("42", HASTY)) {
      other.send(USER, "0");
      await().until(() -> child.texts().contains("0"));
      IntStream.range(1, 50).forEach(i -> other.send(USER, Integer.toString(i)));
      child.jvm().pause();
      IntStream.range(50, 200).forEach(i -> other.send(USER, Integer.toString(i)));
      await().atMost(Duration.ofSeconds(5)).until(() -> tab.texts().contains("199"));
      child.jvm().resume();
      // it has its connection still, so it gets what is sent from now on, and loses nothing
      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () -> {
                other.send(USER, "again");
                return child.texts().contains("again");
              });
      other.send(USER, "last");
      await().until(() -> tab.texts().contains("last") && child.texts().contains("last"));
      assertThat(tab.texts())
          .filteredOn(t -> !t.equals("again") && !t.equals("last"))
          .isEqualTo(numbers(0, 200));
      List<String> its = child.texts().stream().filter(t -> t.matches("\\d+")).toList();
      assertThat(its).as("up to where it was stopped").isEqualTo(numbers(0, its.size()));
      await().until(() -> redis.server().cli("KEYS", "*:pend").isEmpty());
    }
  }

  @Test
  void leavesNothingOfItselfBehind() throws Exception {
    TestNode other = redis.node(HASTY);
    other.connect(null, "t");
    try (ChildNode child = redis.child("42", HASTY)) {
      assertThat(redis.number("HLEN", "pw:nodes")).isEqualTo(2);
      child.jvm().kill();
      await().atMost(Duration.ofSeconds(5)).until(() -> redis.number("HLEN", "pw:nodes") == 1);
      other.send(Target.everyone(), "x");
      await().until(() -> redis.number("HLEN", "pw:everyone") == 1);
      String node = other.node().info().toString();
      assertThat(redis.server().cli("KEYS", "pw:n:*").lines()).allMatch(k -> k.contains(node));
    }
  }
}
