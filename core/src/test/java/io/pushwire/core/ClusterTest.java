package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Envelope;
import io.pushwire.api.NodeId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Payload;
import io.pushwire.api.PublishException;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ClusterTest {
  private final FakeDriver driver = new FakeDriver();
  private final InMemoryCounters counters = new InMemoryCounters();
  private final Cluster cluster =
      new Cluster(
          NodeInfo.of(FakeConnection.NODE, 7),
          NodeConfig.from(Settings.of(Map.of())),
          driver,
          counters,
          Clock.systemUTC());
  private final CountDownLatch underWay = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final List<Control> said = Collections.synchronizedList(new ArrayList<>());

  @Test
  void nothingIsSaidAfterTheFarewell() throws Exception {
    driver.onPublish = this::publish;
    cluster.start();
    underWay.await();
    Thread closing = new Thread(cluster::close);
    closing.start();
    await().until(() -> !closing.isAlive() || closing.getState() == Thread.State.TIMED_WAITING);
    goOn.countDown();
    closing.join();
    await()
        .untilAsserted(() -> assertThat(said).hasAtLeastOneElementOfType(Control.Heartbeat.class));
    assertThat(said.get(said.size() - 1)).isInstanceOf(Control.Farewell.class);
  }

  @Test
  void whatNoNodeSaysIsCounted() {
    byte[] garbage = {2, 1, 0, 100};
    cluster.received(
        Envelope.builder(new Target.Nodes(), Payload.binary(garbage))
            .kind(Envelope.Kind.CONTROL)
            .id(Ids.next())
            .sentAt(Instant.now())
            .origin(new NodeId("other"))
            .build());
    await().until(() -> counters.droppedCount(Counters.Reason.MALFORMED) == 1);
    cluster.close();
  }

  /** The first heartbeat is still under way while the node closes. */
  private CompletionStage<Receipt> publish(Envelope envelope) {
    Control message = Control.decode(envelope.payload()).orElseThrow();
    try {
      if (message instanceof Control.Heartbeat) {
        underWay.countDown();
        goOn.await();
      }
    } catch (InterruptedException e) {
      return CompletableFuture.failedStage(new PublishException("a driver was interrupted", e));
    }
    said.add(message);
    return CompletableFuture.completedStage(
        Receipt.builder(envelope.id(), Receipt.Status.ACCEPTED).build());
  }
}
