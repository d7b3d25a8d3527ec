package io.pushwire.driver.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.NodeId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Payload;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.core.Settings;
import io.pushwire.testkit.ChildJvm;
import io.pushwire.testkit.Peer;
import io.pushwire.testkit.RabbitMqServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node leaves behind when it ends, on the broker and of its callers' messages. */
class LeftoversIT {
  private static final boolean LONG = Boolean.getBoolean("pushwire.long");

  private static final String ARGUMENTS =
      "[io:format(\"~p\", [amqqueue:get_arguments(Q)]) || Q <- rabbit_amqqueue:list(<<\"/\">>),"
          + " amqqueue:get_name(Q) =:= rabbit_misc:r(<<\"/\">>, queue, <<\"%s\">>)]";

  private final RabbitMqServer server = RabbitMqServer.shared();
  private final Nodes nodes = new Nodes(server);

  @AfterEach
  void close() {
    nodes.close();
  }

  @Test
  void nothingIsLeftOfANodeThatClosed() {
    try (Nodes closing = nodes) {
      closing.open().connect("ann", "t");
      assertThat(server.queues(nodes.prefix() + "n.")).hasSize(1);
      assertThat(server.leftovers(nodes.prefix())).containsEntry("connections", 2L);
    }
    // the exchanges and the queue that producers write to are the application's
    assertThat(server.queues(nodes.prefix())).containsExactly(nodes.notices());
    await().until(() -> server.leftovers(nodes.prefix()).get("connections") == 0);
    String channels = "io:format(\"~b\", [length(rabbit_channel:list())])";
    await().until(() -> server.eval(channels).equals("0"));
  }

  /**
   * After the minute that its arguments say; a policy shortens the minute here, as the smaller of
   * the two counts.
   */
  @Test
  void theQueueOfANodeThatIsKilledExpires() {
    String queue;
    try (ChildJvm child = ChildJvm.start(LonelyNode.class, server.uri(), nodes.prefix())) {
      child.awaitLine("up", Duration.ofSeconds(60));
      assertThat(server.queues(nodes.prefix() + "n.")).hasSize(1);
      queue = server.queues(nodes.prefix() + "n.").get(0);
      assertThat(server.eval(ARGUMENTS.formatted(queue)))
          .contains("{<<\"x-expires\">>,signedint,60000}");
      if (!LONG) {
        expireSoon();
        // as long as the node lives nothing expires
        await()
            .during(Duration.ofSeconds(3))
            .atMost(Duration.ofSeconds(8))
            .until(() -> server.queues(queue).size() == 1);
      }
    }
    await().atMost(Duration.ofSeconds(90)).until(() -> server.queues(queue).isEmpty());
  }

  private void expireSoon() {
    server.eval(
        "rabbit_policy:set(<<\"/\">>, <<\"soon\">>, <<\"^%sn[.]\">>, [{<<\"expires\">>, 2000}], 0, <<\"queues\">>, <<\"kit\">>)"
            .formatted(nodes.prefix()));
  }

  /** Also that message which waits for its turn to be written when the window is full. */
  @Test
  void everyMessageUnderWayIsAnsweredWhenTheNodeCloses() {
    Settings settings =
        Settings.of(Map.of("uri", server.uri(), "prefix", nodes.prefix(), "ingress", "none"));
    List<CompletionStage<Receipt>> receipts = new ArrayList<>();
    Peer peer = new Peer(new RabbitMqDriverProvider(), NodeInfo.of(new NodeId("a"), 1), settings);
    peer.send(Target.everyone(), "before");
    server.pause();
    try {
      for (int i = 0; i < 3 * Unconfirmed.WINDOW; i++) {
        receipts.add(peer.publish(peer.envelope(Target.everyone(), Payload.text("m" + i)).build()));
      }
      peer.close();
      await()
          .until(
              () -> receipts.stream().allMatch(receipt -> receipt.toCompletableFuture().isDone()));
    } finally {
      server.resume();
    }
  }
}
