package io.pushwire.driver.redisqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushwire.api.RefusedException;
import io.pushwire.api.Target;
import io.pushwire.core.Settings;
import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.RedisCluster;
import io.pushwire.testkit.TestConnection;
import io.pushwire.testkit.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** On a Redis Cluster, where keys lie on different servers. */
class ClusterIT {
  @Test
  void storesMovesAndDeliversAsOnOneServer() {
    try (RedisCluster cluster = Brokers.redisCluster();
        TestNode a = node(cluster);
        TestNode b = node(cluster)) {
      List<TestConnection> connections = new ArrayList<>();
      for (int u = 0; u < 50; u++) {
        Target user = Target.user("u" + u);
        IntStream.range(0, 5).forEach(i -> a.send(user, "m" + i));
        connections.add((u % 2 == 0 ? a : b).connect("u" + u, "t"));
        IntStream.range(5, 10).forEach(i -> b.send(user, "m" + i));
      }
      for (TestConnection connection : connections) {
        connection.await(10);
        assertThat(connection.texts())
            .isEqualTo(IntStream.range(0, 10).mapToObj(i -> "m" + i).toList());
      }
      a.send(Target.topic("t"), "topic");
      b.send(Target.everyone(), "everyone");
      cluster.nodes().get(0).cli("-c", "LPUSH", "user_u7_messages", "foreign");
      connections.get(7).await("foreign");
      connections.forEach(connection -> connection.await(12));
      TestConnection moved = a.connect("u7");
      connections.get(7).close();
      b.send(Target.user("u7"), "moved");
      moved.await("moved");
      assertThatThrownBy(() -> a.connect("{7}"))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("{ or }");
    }
  }

  private static TestNode node(RedisCluster cluster) {
    return new TestNode(new RedisQueueDriverProvider(), Settings.of(Redis.settings(cluster.uri())));
  }
}
