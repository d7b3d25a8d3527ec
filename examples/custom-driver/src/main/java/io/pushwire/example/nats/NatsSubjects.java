package io.pushwire.example.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushwire.api.NodeInfo;
import io.pushwire.api.Target;
import java.util.Base64;
import java.util.List;

/** What each target is called in NATS. */
record NatsSubjects(String prefix) {
  NatsSubjects {
    if (!prefix.matches("([A-Za-z0-9_-]+\\.)+")) {
      throw new IllegalArgumentException(prefix);
    }
  }

  String of(Target target) {
    if (target instanceof Target.User user) {
      return prefix + "user." + encoded(user.id());
    } else if (target instanceof Target.Topic topic) {
      return prefix + "topic." + encoded(topic.name());
    } else if (target instanceof Target.Connection one) {
      return prefix + "connections." + NodeInfo.of(one.id().node(), one.id().incarnation());
    } else if (target instanceof Target.Node node) {
      return prefix + "node." + node.id();
    }
    return prefix + (target instanceof Target.Everyone ? "everyone" : "nodes");
  }

  /** What a node hears without asking for it. */
  List<String> implied(NodeInfo self) {
    Target node = new Target.Node(self.id());
    return List.of(prefix + "connections." + self, of(node), of(new Target.Nodes()));
  }

  /** In a subject dots and stars mean something, and spaces cannot be. */
  private static String encoded(String name) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(UTF_8));
  }
}
