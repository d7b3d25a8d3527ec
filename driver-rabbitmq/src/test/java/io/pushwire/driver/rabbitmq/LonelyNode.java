package io.pushwire.driver.rabbitmq;

import io.pushwire.core.PushwireNode;
import io.pushwire.core.Settings;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A node in a JVM of its own, without connections: it only reads notices, until it is killed. */
final class LonelyNode {
  private LonelyNode() {}

  /** Arguments: the broker's URI, the prefix. */
  public static void main(String[] args) throws InterruptedException {
    Settings settings =
        Settings.of(
            Map.of(
                "driver", "rabbitmq",
                "driver.rabbitmq.uri", args[0],
                "driver.rabbitmq.prefix", args[1]));
    try (PushwireNode node = PushwireNode.builder().settings(settings).open()) {
      System.out.println("up " + node.info());
      new CountDownLatch(1).await();
    }
  }
}
