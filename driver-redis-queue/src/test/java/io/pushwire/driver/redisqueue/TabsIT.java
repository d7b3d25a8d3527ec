package io.pushwire.driver.redisqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.testkit.Peer;
import io.pushwire.testkit.TestConnection;
import io.pushwire.testkit.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A user with tabs on several nodes. */
class TabsIT {
  private static final Target USER = Target.user("42");

  private final Redis redis = Redis.start();

  @AfterEach
  void stop() throws Exception {
    redis.close();
  }

  @Test
  void getEveryMessageInOrderWhicheverNodeOwnsTheList() {
    TestNode a = redis.node();
    TestNode b = redis.node();
    TestNode c = redis.node();
    List<TestConnection> tabs = List.of(a.connect("42"), b.connect("42"), c.connect("42"));
    int count = 500;
    for (int i = 0; i < count; i++) {
      List.of(a, b, c).get(i % 3).send(USER, "m" + i);
    }
    List<String> all = IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
    for (TestConnection tab : tabs) {
      tab.await(count);
      assertThat(tab.texts()).isEqualTo(all);
    }
  }

  @Test
  void getTheRestWhenTheOwnerLeaves() {
    TestNode a = redis.node();
    TestNode b = redis.node();
    TestNode sender = redis.node();
    TestConnection stays = a.connect("42");
    TestConnection leaves = b.connect("42");
    for (int i = 0; i < 300; i++) {
      sender.sender().send(USER, Payload.text("m" + i));
      if (i == 150) {
        leaves.close();
      }
    }
    stays.await("m299");
    assertThat(stays.texts()).isEqualTo(IntStream.range(0, 300).mapToObj(i -> "m" + i).toList());
  }

  @Test
  void getWhatTheOwnerHadDeliveredBeforeWhatComesAfterIt() {
    Peer owner = redis.peer("owner");
    Peer heir = redis.peer("heir");
    CompletableFuture<Void> busy = redis.closing(new Busy()).end();
    heir.delivery()
        .onDeliver(
            envelope -> {
              if (envelope.target() instanceof Target.Topic) {
                busy.join(); // its inbox gets no further
              }
            });
    heir.subscribe(USER, Target.topic("t"));
    owner.subscribe(USER);
    owner.send(Target.topic("t"), "long");
    IntStream.range(0, 5).forEach(i -> owner.send(USER, "m" + i));
    owner.await(USER, 5);
    owner.unsubscribe(USER);
    owner.send(USER, "m5");
    await()
        .during(Duration.ofMillis(1500))
        .atMost(Duration.ofSeconds(3))
        .until(() -> heir.delivery().count(USER) == 0);
    busy.complete(null);
    assertThat(heir.await(USER, 6))
        .extracting(envelope -> envelope.payload().text())
        .containsExactly("m0", "m1", "m2", "m3", "m4", "m5");
  }

  /** Ends with the test at the latest. */
  private record Busy(CompletableFuture<Void> end) implements AutoCloseable {
    Busy() {
      this(new CompletableFuture<>());
    }

    @Override
    public void close() {
      end.complete(null);
    }
  }

  @Test
  void getForeignMessagesOnBothAsWell() {
    TestConnection one = redis.node().connect("42");
    TestConnection two = redis.node().connect("42");
    redis.push("42", "from a shell", "PW1 {\"id\":\"7\"}\nwith a line");
    for (TestConnection tab : List.of(one, two)) {
      tab.await(2);
      assertThat(tab.texts()).containsExactly("from a shell", "with a line");
    }
    await().until(() -> redis.number("EXISTS", "user_42_messages") == 0);
  }

  @Test
  void onANodeThatClosesInGoodOrderAreTakenOverAtOnce() throws Exception {
    TestNode a = redis.node();
    TestConnection stays = a.connect("42");
    try (TestNode b = redis.node()) {
      b.connect("42");
      b.send(USER, "1");
      stays.await("1");
    }
    a.send(USER, "2");
    stays.await("2");
    assertThat(stays.texts()).containsExactly("1", "2");
  }
}
