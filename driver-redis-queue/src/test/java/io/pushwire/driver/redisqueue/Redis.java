package io.pushwire.driver.redisqueue;

import io.pushwire.api.NodeId;
import io.pushwire.api.NodeInfo;
import io.pushwire.core.Settings;
import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.ChildNode;
import io.pushwire.testkit.Peer;
import io.pushwire.testkit.RedisServer;
import io.pushwire.testkit.TestNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** A private Redis, and nodes on it that are closed with it. */
@SuppressWarnings("try") // what a test opens may be interrupted while it closes
final class Redis implements AutoCloseable {
  static final boolean LONG = Boolean.getBoolean("pushwire.long");

  private final RedisServer server;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  private Redis(RedisServer server) {
    this.server = server;
  }

  static Redis start(String... options) {
    return new Redis(Brokers.redis(options));
  }

  RedisServer server() {
    return server;
  }

  /** Opens a node; its settings are pairs of the driver's keys and values. */
  TestNode node(String... settings) {
    Map<String, String> all = settings(server.uri(), settings);
    return closing(new TestNode(new RedisQueueDriverProvider(), Settings.of(all)));
  }

  /** Opens a driver without a node around it. */
  Peer peer(String name) {
    NodeInfo self = NodeInfo.of(new NodeId(name), System.nanoTime());
    Settings settings = Settings.of(Map.of("uri", server.uri()));
    return closing(new Peer(new RedisQueueDriverProvider(), self, settings));
  }

  /** A node in a JVM of its own, with a connection of this user. */
  ChildNode child(String user, String... settings) {
    return ChildNode.start(new RedisQueueDriverProvider(), settings(server.uri(), settings), user);
  }

  static Map<String, String> settings(String uri, String... settings) {
    Map<String, String> all = new HashMap<>();
    all.put("driver.redis-queue.uri", uri);
    for (int i = 0; i + 1 < settings.length; i += 2) {
      all.put("driver.redis-queue." + settings[i], settings[i + 1]);
    }
    return all;
  }

  <C extends AutoCloseable> C closing(C closeable) {
    open.push(closeable);
    return closeable;
  }

  /** A command whose answer is a number. */
  long number(String... words) {
    return (Long) Objects.requireNonNull(server.command(words));
  }

  /** A foreign program with nothing but redis-cli. */
  void push(String user, String... messages) {
    for (String message : messages) {
      server.cli("LPUSH", "user_" + user + "_messages", message);
    }
  }

  @Override
  public void close() {
    try {
      while (!open.isEmpty()) {
        open.pop().close();
      }
    } catch (Exception e) {
      throw new AssertionError("A node does not close", e);
    } finally {
      server.close();
    }
  }
}
