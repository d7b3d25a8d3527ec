package io.pushwire.driver.redisqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.RefusedException;
import io.pushwire.api.Target;
import io.pushwire.core.Settings;
import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.RedisCluster;
import io.pushwire.testkit.RedisSentinel;
import io.pushwire.testkit.TestConnection;
import io.pushwire.testkit.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Redis as a Cluster, behind Sentinels, and with access rules. */
class TopologiesIT {
  @Test
  void onAClusterItStoresMovesAndDelivers() {
    try (RedisCluster cluster = Brokers.redisCluster();
        TestNode a = node(cluster.uri());
        TestNode b = node(cluster.uri())) {
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

  @Test
  void behindSentinelsItFollowsTheMaster() {
    try (RedisSentinel sentinel = Brokers.redisSentinel();
        TestNode a = node(sentinel.uri());
        TestNode b = node(sentinel.uri())) {
      TestConnection connection = b.connect("42", "t");
      a.send(Target.user("42"), "before");
      connection.await("before");
      sentinel.failOver();
      await()
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptions()
          .until(() -> a.send(Target.user("42"), "after") != null);
      connection.await("after");
      await()
          .ignoreExceptions()
          .until(() -> a.send(Target.topic("t"), "live").receivers().orElse(0) == 1);
      connection.await("live");
    }
  }

  @Test
  void withTheDocumentedAccessRulesItWorks() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String rule = readme.replaceAll("(?s).*`ACL SETUSER pushwire ([^`]*)`.*", "$1");
    try (Redis redis = Redis.start()) {
      String[] words = ("ACL SETUSER pushwire " + rule).split(" ", -1);
      assertThat(redis.server().command(words)).isEqualTo("OK");
      String uri = "redis://pushwire:secret@127.0.0.1:" + redis.server().port();
      try (TestNode node = node(uri)) {
        TestConnection connection = node.connect("42", "t");
        node.send(Target.user("42"), "user");
        node.send(Target.topic("t"), "topic");
        connection.await(2);
        redis.push("42", "foreign");
        connection.await("foreign");
      }
      redis.server().command("ACL", "SETUSER", "pushwire", "resetkeys", "~pw:*");
      try (TestNode node = node(uri)) {
        assertThatThrownBy(() -> node.connect("42"))
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining("NOPERM");
      }
    }
  }

  private static TestNode node(String uri) {
    return new TestNode(new RedisQueueDriverProvider(), Settings.of(Redis.settings(uri)));
  }
}
