package io.pushwire.driver.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.testkit.RabbitMqServer;
import io.pushwire.testkit.TestConnection;
import io.pushwire.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many users come and go: publishing must not notice, and the broker must not either. */
class UsersIT {
  private static final int USERS = 10_000;
  private static final Duration AT_MOST = Duration.ofSeconds(10);
  private static final long LONGEST_MILLIS = 500;

  private final RabbitMqServer server = RabbitMqServer.shared();
  private final Nodes nodes = new Nodes(server);

  @AfterEach
  void close() {
    nodes.close();
  }

  @Test
  void tenThousandUsersStallNobodyAndLeaveNothingOnTheBroker() {
    TestNode sender = nodes.open();
    TestConnection first = nodes.open().connect("first");
    TestNode node = nodes.open();
    TestNode next = nodes.open();
    node.connect("one");
    next.connect("one");
    Map<String, Long> before = server.leftovers(nodes.prefix());
    List<TestConnection> users = new ArrayList<>();

    publishWhile("connected", sender, () -> connect(node, users));
    assertThat(server.leftovers(nodes.prefix())).isEqualTo(before);
    sender.send(Target.user("u" + (USERS - 1)), "hello");
    users.get(USERS - 1).await("hello");

    publishWhile("left", sender, () -> users.forEach(TestConnection::close));
    assertThat(server.leftovers(nodes.prefix())).isEqualTo(before);

    users.clear();
    connect(node, users);
    publishWhile("lost their node", sender, node::close);
    publishWhile("came back", sender, () -> connect(next, users));
    sender.send(Target.user("u" + (USERS - 1)), "again");
    users.get(users.size() - 1).await("again");
    assertThat(first.closeCode()).isEmpty();
  }

  private static void publishWhile(String what, TestNode sender, Runnable task) {
    CompletableFuture<Void> running = CompletableFuture.runAsync(task);
    long begin = System.nanoTime();
    long longest = 0;
    int count = 0;
    while (!running.isDone()) {
      long sent = System.nanoTime();
      sender.sender().send(Target.user("first"), Payload.text("x")).toCompletableFuture().join();
      longest = Math.max(longest, System.nanoTime() - sent);
      count++;
    }
    running.join();
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    System.out.printf(
        "%,d users %s in %,d ms; the longest of %,d publishes took %d ms%n",
        USERS, what, took.toMillis(), count, longest / 1_000_000);
    assertThat(took).isLessThan(AT_MOST);
    assertThat(longest / 1_000_000).isLessThan(LONGEST_MILLIS);
  }

  private static void connect(TestNode node, List<TestConnection> users) {
    for (int i = 0; i < USERS; i++) {
      users.add(node.connect("u" + i));
    }
  }
}
