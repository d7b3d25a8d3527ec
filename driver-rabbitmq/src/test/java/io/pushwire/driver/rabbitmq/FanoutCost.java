package io.pushwire.driver.rabbitmq;

import io.pushwire.api.NodeId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.core.Settings;
import io.pushwire.testkit.Peer;
import io.pushwire.testkit.RabbitMqServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What it costs that a user's message goes to every node that holds connections: as a program, with
 * all nodes in one JVM and the broker beside it.
 */
final class FanoutCost {
  private static final int MESSAGES = 20_000;

  private FanoutCost() {}

  public static void main(String[] args) throws InterruptedException {
    System.out.println(
        "| nodes | to one topic on one node /s | to one user /s | copies /s | CPU of this JVM per message: topic, user |");
    for (int nodes : new int[] {2, 2, 1, 2, 5, 10}) {
      measure(nodes); // the first two warm up
    }
    System.exit(0);
  }

  private static void measure(int count) throws InterruptedException {
    Map<String, String> settings =
        Map.of(
            "uri",
            RabbitMqServer.shared().uri(),
            "prefix",
            "f" + System.nanoTime() + ".",
            "ingress",
            "none");
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      NodeInfo self = NodeInfo.of(new NodeId("n" + i), System.nanoTime());
      Peer peer = new Peer(new RabbitMqDriverProvider(), self, Settings.of(settings));
      peer.delivery().keepNothing();
      peer.subscribe(Target.user("u" + i));
      peers.add(peer);
    }
    Peer last = peers.get(count - 1);
    last.subscribe(Target.topic("t"));
    run(peers, Target.topic("t"), 1);
    long[] topic = run(peers, Target.topic("t"), 1);
    long[] user = run(peers, Target.user("u" + (count - 1)), count);
    System.out.printf(
        "| %d | %,d | %,d | %,d | %d µs, %d µs |%n",
        count, topic[0], user[0], user[0] * count, topic[1], user[1]);
    peers.forEach(Peer::close);
  }

  private static long[] run(List<Peer> peers, Target target, int copies)
      throws InterruptedException {
    CountDownLatch missing = new CountDownLatch(MESSAGES * copies);
    peers.forEach(peer -> peer.delivery().onDeliver(envelope -> missing.countDown()));
    Semaphore window = new Semaphore(2 * Unconfirmed.WINDOW);
    Peer from = peers.get(0);
    byte[] body = new byte[128];
    long cpu = cpuNanos();
    long begin = System.nanoTime();
    for (int i = 0; i < MESSAGES; i++) {
      window.acquire();
      from.publish(from.envelope(target, Payload.wrap(Payload.Type.BINARY, body, 0, 128)).build())
          .whenComplete((receipt, e) -> window.release());
    }
    if (!missing.await(2, TimeUnit.MINUTES)) {
      throw new IllegalStateException(missing.getCount() + " are missing");
    }
    long nanos = System.nanoTime() - begin;
    return new long[] {MESSAGES * 1_000_000_000L / nanos, (cpuNanos() - cpu) / MESSAGES / 1000};
  }

  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }
}
