package io.pushwire.driver.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.testkit.RabbitMqServer;
import io.pushwire.testkit.TestConnection;
import io.pushwire.testkit.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many users come: publishing must not notice, and the broker must not either. */
class UsersIT {
  private static final int USERS = 10_000;
  private static final long LONGEST_MILLIS = 500;

  private final RabbitMqServer server = RabbitMqServer.shared();
  private final Nodes nodes = new Nodes(server);

  @AfterEach
  void close() {
    nodes.close();
  }

  @Test
  void tenThousandUsersStallNobodyAndLeaveNothingOnTheBroker() throws Exception {
    TestNode node = nodes.open();
    TestNode sender = nodes.open();
    TestConnection first = node.connect("first");
    Map<String, Long> before = server.leftovers(nodes.prefix());
    AtomicLong longest = new AtomicLong();
    CompletableFuture<List<TestConnection>> coming =
        CompletableFuture.supplyAsync(() -> connect(node));
    long begin = System.nanoTime();
    while (!coming.isDone()) {
      long sent = System.nanoTime();
      sender.sender().send(Target.user("first"), Payload.text("x")).toCompletableFuture().join();
      longest.accumulateAndGet(System.nanoTime() - sent, Math::max);
    }
    long took = (System.nanoTime() - begin) / 1_000_000;
    List<TestConnection> users = coming.join();
    assertThat(took).isLessThan(10_000);
    assertThat(server.leftovers(nodes.prefix())).isEqualTo(before);
    sender.send(Target.user("u" + (USERS - 1)), "hello");
    users.get(USERS - 1).await("hello");
    users.forEach(TestConnection::close);
    assertThat(server.leftovers(nodes.prefix())).isEqualTo(before);
    long millis = longest.get() / 1_000_000;
    System.out.printf(
        "%,d users connected in %,d ms; the longest publish took %d ms%n", USERS, took, millis);
    assertThat(millis).isLessThan(LONGEST_MILLIS);
    first.close();
  }

  private static List<TestConnection> connect(TestNode node) {
    List<TestConnection> users = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      users.add(node.connect("u" + i));
    }
    return users;
  }
}
