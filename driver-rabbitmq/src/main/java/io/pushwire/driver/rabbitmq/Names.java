package io.pushwire.driver.rabbitmq;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Target;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** What things are called on the broker, and which way messages for a target take. */
final class Names {
  private static final int MAX_BYTES = 255;

  /** A fanout exchange: users' and everyone's messages, for all nodes that hold connections. */
  final String all;

  /** A direct exchange: topics, single nodes, single connections. */
  final String keyed;

  /** A fanout exchange: what nodes tell each other. */
  final String nodes;

  /** The queue of this start of this node. */
  final String nodeQueue;

  private final NodeInfo self;
  private final Route toAll;
  private final Route toNodes;

  Names(String prefix, NodeInfo self) {
    this.self = self;
    all = prefix + "all";
    keyed = prefix + "key";
    nodes = prefix + "nodes";
    nodeQueue = prefix + "n." + self;
    toAll = new Route(all, "");
    toNodes = new Route(nodes, "");
  }

  Route route(Target target) {
    if (target instanceof Target.Topic topic) {
      return new Route(keyed, topicKey(topic.name()));
    } else if (target instanceof Target.Connection connection) {
      ConnectionId id = connection.id();
      return new Route(keyed, nodeKey(NodeInfo.of(id.node(), id.incarnation()).toString()));
    } else if (target instanceof Target.Node node) {
      return new Route(keyed, nodeKey(node.id().value()));
    } else if (target instanceof Target.Nodes) {
      return toNodes;
    }
    return toAll;
  }

  /** The routes that lead to every node, whatever it subscribed to. */
  List<Route> ownRoutes() {
    return List.of(
        toNodes,
        new Route(keyed, nodeKey(self.toString())),
        new Route(keyed, nodeKey(self.id().value())));
  }

  private static String nodeKey(String node) {
    return "n." + node;
  }

  /** A key has 255 bytes at most; a name has 255 characters, so it may have to be shortened. */
  private static String topicKey(String topic) {
    byte[] utf8 = topic.getBytes(StandardCharsets.UTF_8);
    return utf8.length <= MAX_BYTES - 2 ? "t." + topic : "h." + hash(utf8);
  }

  private static String hash(byte[] utf8) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(utf8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has SHA-256", e);
    }
  }
}
