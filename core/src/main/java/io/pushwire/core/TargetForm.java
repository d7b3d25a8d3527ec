package io.pushwire.core;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeId;
import io.pushwire.api.Target;

/** Targets as {@link EnvelopeCodec} writes them: a kind, and a text. */
final class TargetForm {
  private TargetForm() {}

  static int kind(Target target) {
    if (target instanceof Target.User) {
      return 1;
    } else if (target instanceof Target.Topic) {
      return 2;
    } else if (target instanceof Target.Everyone) {
      return 3;
    } else if (target instanceof Target.Connection) {
      return 4;
    } else if (target instanceof Target.Node) {
      return 5;
    }
    return 6;
  }

  static String text(Target target) {
    if (target instanceof Target.User user) {
      return user.id();
    } else if (target instanceof Target.Topic topic) {
      return topic.name();
    } else if (target instanceof Target.Connection connection) {
      return connection.id().toString();
    } else if (target instanceof Target.Node node) {
      return node.id().value();
    }
    return "";
  }

  /**
   * @throws MalformedException if there is no such kind
   * @throws IllegalArgumentException if the text is wrong for it
   */
  static Target target(int kind, String text) {
    return switch (kind) {
      case 1 -> new Target.User(text);
      case 2 -> new Target.Topic(text);
      case 3 -> new Target.Everyone();
      case 4 -> new Target.Connection(ConnectionId.parse(text));
      case 5 -> new Target.Node(new NodeId(text));
      case 6 -> new Target.Nodes();
      default -> throw new MalformedException("An envelope has the unknown target kind " + kind);
    };
  }
}
