package io.pushwire.driver.redispubsub;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Target;
import java.util.List;

/**
 * The names of channels. Nodes write to those that begin with the prefix:
 *
 * <pre>
 *   pw:u:42                     user 42
 *   pw:t:orders                 topic orders
 *   pw:all                      everyone
 *   pw:n:node1.mi2f8zqk         a connection that this start of node1 holds
 *   pw:n:node1                  node1 itself
 *   pw:nodes                    all nodes themselves
 * </pre>
 *
 * <p>Foreign channels have the names that they are configured with, as long as the prefix is the
 * default; any other precedes them too, so that two applications on one Redis do not meet.
 */
record ChannelNames(String prefix) {
  static final String DEFAULT_PREFIX = "pw:";

  /** The channel that envelopes for a target go through. */
  String of(Target target) {
    if (target instanceof Target.User user) {
      return prefix + "u:" + user.id();
    } else if (target instanceof Target.Topic topic) {
      return prefix + "t:" + topic.name();
    } else if (target instanceof Target.Everyone) {
      return prefix + "all";
    } else if (target instanceof Target.Connection connection) {
      ConnectionId id = connection.id();
      return prefix + "n:" + NodeInfo.of(id.node(), id.incarnation());
    } else if (target instanceof Target.Node node) {
      return prefix + "n:" + node.id();
    }
    return prefix + "nodes";
  }

  /** What a node hears without having subscribed to anything. */
  List<String> ofNode(NodeInfo self) {
    return List.of(prefix + "n:" + self, of(new Target.Node(self.id())), of(new Target.Nodes()));
  }

  /** The name of a channel that foreign programs publish to. */
  String foreign(String configured) {
    return prefix.equals(DEFAULT_PREFIX) ? configured : prefix + configured;
  }

  /** Whether nodes write to the channel, and foreign programs must not. */
  boolean isInternal(String channel) {
    int from = prefix.length();
    return channel.startsWith(prefix)
        && (channel.startsWith("u:", from)
            || channel.startsWith("t:", from)
            || channel.startsWith("n:", from)
            || channel.equals(prefix + "all")
            || channel.equals(prefix + "nodes"));
  }

  /** Whether a name that begins so could be that of an internal channel. */
  boolean mayBeInternal(String beginning) {
    return List.of("u:", "t:", "n:", "all", "nodes").stream()
        .map(prefix::concat)
        .anyMatch(root -> root.startsWith(beginning) || isInternal(beginning));
  }
}
