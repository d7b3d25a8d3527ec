package io.pushwire.driver.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.NodeId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Payload;
import io.pushwire.api.PublishException;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.core.Settings;
import io.pushwire.testkit.ChildJvm;
import io.pushwire.testkit.Peer;
import io.pushwire.testkit.RabbitMqServer;
import io.pushwire.testkit.TestConnection;
import io.pushwire.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What happens when the broker or a node does not do what it should. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultIT {
  private static final boolean LONG = Boolean.getBoolean("pushwire.long");
  private static final Target ANN = Target.user("ann");

  private final RabbitMqServer server = RabbitMqServer.open();
  private Nodes nodes = new Nodes(server);

  @AfterEach
  void next() {
    nodes.close();
    nodes = new Nodes(server);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void publishingFailsAtOnceWhileTheBrokerIsShortOfMemory() {
    TestNode node = nodes.open();
    TestConnection ann = node.connect("ann");
    server.memoryAlarm(true);
    // the broker tells those who publish, and only then
    await().until(() -> fails(node));
    long begin = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      assertThat(node.sender().send(ANN, Payload.text("no")).toCompletableFuture())
          .isCompletedExceptionally();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
    // whoever looks for a silent link must not tear down this one
    await()
        .during(Duration.ofSeconds(LONG ? 20 : 6))
        .atMost(Duration.ofSeconds(30))
        .until(() -> fails(node));
    assertThat(ann.closeCode()).isEmpty();
    server.memoryAlarm(false);
    await().until(() -> !fails(node));
    node.send(ANN, "yes");
    ann.await("yes");
    await().until(() -> node.node().link().up());
  }

  @Test
  void noticesWaitInTheirQueueWhileTheBrokerIsShortOfMemory() {
    TestNode node = nodes.open();
    TestConnection ann = node.connect("ann");
    // taken by the broker before it notices that it is short of memory, read by the node after
    Pika.run(server, nodes.notices(), "channel.basic_publish('', queue, b'first')");
    ann.await("first");
    String begin =
        "for i in range(300): channel.basic_publish('', queue, b'n%d' % i, pika.BasicProperties(message_id=str(i)))";
    CompletableFuture<String> producer =
        CompletableFuture.supplyAsync(() -> Pika.run(server, nodes.notices(), begin));
    ann.await("n20");
    server.memoryAlarm(true);
    await().until(() -> fails(node));
    server.memoryAlarm(false);
    producer.join();
    ann.await("n299");
    List<String> expected = new ArrayList<>(List.of("first"));
    IntStream.range(0, 300).forEach(i -> expected.add("n" + i));
    await().untilAsserted(() -> assertThat(ann.texts()).containsAll(expected));
    assertThat(ann.texts()).doesNotHaveDuplicates();
  }

  @Test
  void nothingConfirmedIsLostWhenTheBrokerDies() {
    TestNode from = nodes.open();
    TestConnection ann = nodes.open().connect("ann");
    List<CompletionStage<Receipt>> receipts = new ArrayList<>();
    for (int kill = 0; kill < (LONG ? 5 : 1); kill++) {
      send(from, receipts, 3000);
      server.kill();
      await().until(() -> fails(from));
      server.start();
      await().atMost(Duration.ofSeconds(20)).until(() -> !fails(from));
    }
    send(from, receipts, 100);
    await().atMost(Duration.ofSeconds(40)).until(() -> receipts.stream().allMatch(FaultIT::isDone));
    List<String> confirmed =
        IntStream.range(0, receipts.size())
            .filter(i -> !receipts.get(i).toCompletableFuture().isCompletedExceptionally())
            .mapToObj(i -> "m" + i)
            .toList();
    assertThat(confirmed).hasSizeGreaterThan(100);
    // a set: of so many, a list would take longer to compare than they took to come
    await().until(() -> new HashSet<>(ann.texts()).containsAll(confirmed));
    List<String> got = ann.texts().stream().filter(text -> text.startsWith("m")).toList();
    assertThat(got).doesNotHaveDuplicates().isSortedAccordingTo(FaultIT::byNumber);
  }

  @Test
  void aNodeThatIsKilledLosesNoNotice() {
    TestConnection ann;
    try (ChildJvm child = ChildJvm.start(LonelyNode.class, server.uri(), nodes.prefix())) {
      // the older node takes the notices, as long as it lives
      child.awaitLine("up", Duration.ofSeconds(60));
      ann = nodes.open().connect("ann");
      CompletableFuture<String> producer =
          CompletableFuture.supplyAsync(
              () ->
                  Pika.run(
                      server,
                      nodes.notices(),
                      """
                      for i in range(2000):
                        channel.basic_publish('', queue, b'n%d' % i,
                            pika.BasicProperties(message_id=str(i)))
                      """));
      ann.await("n500");
      child.kill();
      producer.join();
    }
    List<String> expected = IntStream.range(0, 2000).mapToObj(i -> "n" + i).toList();
    await().untilAsserted(() -> assertThat(ann.texts()).containsAll(expected));
    assertThat(ann.texts()).doesNotHaveDuplicates();
  }

  @Test
  void whatItsQueueDroppedIsReported() throws InterruptedException {
    Settings settings =
        Settings.of(Map.of("uri", server.uri(), "prefix", nodes.prefix(), "queue-limit", "1000"));
    TestNode from = nodes.open();
    CountDownLatch stuck = new CountDownLatch(1);
    NodeInfo self = NodeInfo.of(new NodeId("slow"), 1);
    try (Peer slow = new Peer(new RabbitMqDriverProvider(), self, settings)) {
      slow.delivery().onDeliver(envelope -> awaitQuietly(stuck));
      slow.subscribe(ANN);
      List<CompletionStage<Receipt>> receipts = new ArrayList<>();
      send(from, receipts, 4000);
      await().until(() -> receipts.stream().allMatch(FaultIT::isDone));
      stuck.countDown();
      from.send(ANN, "last");
      await().until(() -> !slow.delivery().interruptions().isEmpty());
      assertThat(slow.delivery().count(ANN)).isLessThan(4000);
      assertThat(slow.delivery().interruptions().get(0).reason()).contains("missing");
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anExchangeThatIsDeletedComesBackWithAllNodes() {
    TestNode from = nodes.open();
    TestConnection ann = nodes.open().connect("ann");
    TestConnection bob = nodes.open().connect("bob");
    Pika.run(server, nodes.prefix() + "all", "channel.exchange_delete(queue)");
    for (TestConnection each : List.of(ann, bob)) {
      await()
          .atMost(Duration.ofSeconds(15))
          .until(
              () -> {
                from.sender().send(Target.everyone(), Payload.text("back"));
                return each.texts().contains("back");
              });
    }
  }

  private static void send(TestNode from, List<CompletionStage<Receipt>> receipts, int count) {
    for (int i = 0; i < count; i++) {
      receipts.add(from.sender().send(ANN, Payload.text("m" + receipts.size())));
    }
  }

  private static int byNumber(String a, String b) {
    return Integer.compare(Integer.parseInt(a.substring(1)), Integer.parseInt(b.substring(1)));
  }

  private static boolean isDone(CompletionStage<?> stage) {
    return stage.toCompletableFuture().isDone();
  }

  /** Whether a message to nobody is refused, at once or within two seconds. */
  private static boolean fails(TestNode node) {
    try {
      node.sender()
          .send(Target.user("nobody"), Payload.text("x"))
          .toCompletableFuture()
          .get(2500, TimeUnit.MILLISECONDS);
      return false;
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(PublishException.class);
      return true;
    } catch (TimeoutException e) {
      // it was under way when the link was lost, and may wait for the next
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
