package io.pushwire.driver.rabbitmq;

import io.pushwire.core.Settings;
import io.pushwire.testkit.RabbitMqServer;
import io.pushwire.testkit.TestNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Opens nodes of one application on one broker, and closes them all. */
final class Nodes implements AutoCloseable {
  private final RabbitMqServer server;
  private final String prefix =
      "i" + Long.toString(ThreadLocalRandom.current().nextLong() >>> 24, 36) + ".";
  private final Deque<TestNode> open = new ArrayDeque<>();

  Nodes(RabbitMqServer server) {
    this.server = server;
  }

  String prefix() {
    return prefix;
  }

  /** The queue that is read by default. */
  String notices() {
    return prefix + RabbitMqConfig.DEFAULT_INGRESS;
  }

  /**
   * @param more keys below {@code driver.rabbitmq.} and their values, in turn
   */
  TestNode open(String... more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("driver.rabbitmq.uri", server.uri());
    settings.put("driver.rabbitmq.prefix", prefix);
    for (int i = 0; i < more.length; i += 2) {
      settings.put("driver.rabbitmq." + more[i], more[i + 1]);
    }
    TestNode node = new TestNode(new RabbitMqDriverProvider(), Settings.of(settings));
    open.push(node);
    return node;
  }

  @Override
  public void close() {
    open.forEach(TestNode::close);
  }
}
