package io.pushwire.driver.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.NodeId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.core.Settings;
import io.pushwire.testkit.Peer;
import io.pushwire.testkit.RabbitMqServer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The driver from node to node beside {@link BareLoop}, in turns in one run. As a program: {@code
 * main}.
 */
class ThroughputIT {
  private static final boolean LONG = Boolean.getBoolean("pushwire.long");
  private static final int ROUNDS = LONG ? 15 : 7;
  private static final int MESSAGES = LONG ? 50_000 : 10_000;

  /** What a busy machine may take from what is measured on a quiet one. */
  private static final double LEAST = LONG ? 0.8 : 0.6;

  private final Target topic = Target.topic("orders");
  private final byte[] body = new byte[128];

  public static void main(String[] args) throws Exception {
    System.out.println(new ThroughputIT().ratio());
  }

  @Test
  void reachesMostOfWhatTheBareClientReaches() throws Exception {
    assertThat(ratio()).isGreaterThan(LEAST);
  }

  private double ratio() throws Exception {
    Arrays.fill(body, (byte) 'x');
    RabbitMqServer server = RabbitMqServer.shared();
    Map<String, String> settings = Map.of("uri", server.uri(), "prefix", "bench.");
    RabbitMqDriverProvider provider = new RabbitMqDriverProvider();
    double[] bare = new double[ROUNDS];
    double[] ours = new double[ROUNDS];
    try (BareLoop loop = new BareLoop(server.uri(), "bench.bare");
        Peer a = new Peer(provider, node("a", 1), Settings.of(settings));
        Peer b = new Peer(provider, node("b", 2), Settings.of(settings))) {
      b.delivery().keepNothing();
      b.subscribe(topic);
      loop.run(MESSAGES, body);
      run(a, b);
      for (int i = 0; i < ROUNDS; i++) {
        long begin = System.nanoTime();
        loop.run(MESSAGES, body);
        long middle = System.nanoTime();
        run(a, b);
        bare[i] = MESSAGES * 1e9 / (middle - begin);
        ours[i] = MESSAGES * 1e9 / (System.nanoTime() - middle);
      }
    }
    double[] ratios = new double[ROUNDS];
    Arrays.setAll(ratios, i -> ours[i] / bare[i]);
    System.out.printf(
        "128 B, durable, confirmed, acknowledged: bare client %,.0f/s, driver %,.0f/s, ratio %.2f"
            + " (medians of %d turns)%n",
        median(bare), median(ours), median(ratios), ROUNDS);
    return median(ratios);
  }

  private static NodeInfo node(String id, long incarnation) {
    return NodeInfo.of(new NodeId(id), incarnation);
  }

  private void run(Peer from, Peer to) throws InterruptedException {
    CountDownLatch missing = new CountDownLatch(MESSAGES);
    to.delivery().onDeliver(envelope -> missing.countDown());
    Semaphore window = new Semaphore(2 * Unconfirmed.WINDOW);
    for (int i = 0; i < MESSAGES; i++) {
      window.acquire();
      from.publish(from.envelope(topic, Payload.wrap(Payload.Type.TEXT, body, 0, 128)).build())
          .whenComplete((receipt, e) -> window.release());
    }
    assertThat(missing.await(2, TimeUnit.MINUTES)).as("all arrive").isTrue();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
