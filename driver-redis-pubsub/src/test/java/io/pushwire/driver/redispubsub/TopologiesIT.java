package io.pushwire.driver.redispubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.PushwireException;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.Peer;
import io.pushwire.testkit.RedisCluster;
import io.pushwire.testkit.RedisSentinel;
import io.pushwire.testkit.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that a uri can name. */
class TopologiesIT {
  private static final Target USER = Target.user("42");

  @Test
  void tlsWithAnOwnAuthorityAndAUserOfLimitedRights(@TempDir Path directory) {
    Certificates pem = Certificates.make(directory);
    try (RedisServer redis =
        Brokers.redis(
            "--tls-port",
            "0",
            "--tls-cert-file",
            pem.certificate(),
            "--tls-key-file",
            pem.key(),
            "--tls-ca-cert-file",
            pem.ca())) {
      int port = Certificates.listen(redis);
      redis.command(
          "ACL",
          "SETUSER",
          "app",
          "on",
          ">s3cret",
          "resetchannels",
          "&pw:*",
          "&pub.*",
          "+subscribe",
          "+unsubscribe",
          "+publish");
      String uri = "rediss://app:s3cret@localhost:" + port;
      String[] tls = {
        "tls.ca", pem.ca(), "tls.certificate", pem.certificate(), "tls.key", pem.key()
      };
      try (Peer a = Peers.open("a", uri, tls)) {
        a.subscribe(USER, Target.topic("t"));
        assertThat(a.send(USER, "secret").receivers()).hasValue(1);
        a.await(USER, 1);
        redis.cut();
        Peers.untilFlows(a, a, USER);
      }
      assertThatThrownBy(() -> Peers.open("b", uri))
          .as("without the authority")
          .isInstanceOf(PushwireException.class)
          .hasMessageContaining("certification path")
          .hasMessageContaining("driver.redis-pubsub.tls.ca");
      assertThatThrownBy(() -> Peers.open("b", uri.replace("s3cret", "wr0ng"), tls))
          .isInstanceOf(PushwireException.class)
          .hasMessageContaining("WRONGPASS")
          .hasMessageContaining("Correct user and password")
          .hasMessageNotContaining("wr0ng")
          .hasMessageContaining("rediss://localhost:" + port);
    }
  }

  @Test
  void followsTheSentinelsToTheNewMaster() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    try (RedisSentinel group = Brokers.redisSentinel();
        Peer a = Peers.open("a", group.uri());
        Peer b = Peers.open("b", group.uri())) {
      b.subscribe(USER);
      assertThat(a.send(USER, "before").receivers()).hasValue(1);
      b.await(USER, 1);
      assertThatThrownBy(() -> Peers.open("c", group.uri().replaceAll("=.*", "=nobody")))
          .isInstanceOf(PushwireException.class)
          .hasMessageContaining("know no master named 'nobody'");
      assertThatThrownBy(() -> Peers.open("c", sentinelItself(group)))
          .isInstanceOf(PushwireException.class)
          .hasMessageContaining("redis-sentinel://host:port?sentinelMasterId=name");
      group.failOver();
      assertThat(Peers.untilFlows(a, b, USER)).isLessThan(Duration.ofSeconds(3));
      assertThat(b.delivery().interruptions()).hasSize(1);
      assertThat(a.send(USER, "after").receivers()).hasValue(1);
    }
    await().pollInSameThread().untilAsserted(() -> assertThat(startedSince(before)).isEmpty());
  }

  private static String sentinelItself(RedisSentinel group) {
    return group.uri().replaceAll("redis-sentinel(://[^,]*).*", "redis$1");
  }

  private static List<String> startedSince(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .filter(name -> !name.startsWith("CompletableFutureDelayScheduler")) // the JDK's
        .filter(name -> !name.startsWith("process reaper"))
        .toList();
  }

  @Test
  void anyNodeOfAClusterDoesAndAnotherWhenItDies() {
    try (RedisCluster cluster = Brokers.redisCluster();
        Peer a = Peers.open("a", cluster.uri());
        Peer b = Peers.open("b", cluster.nodes().get(1).uri())) {
      b.subscribe(USER);
      Peers.untilFlows(a, b, USER);
      Receipt receipt = a.send(USER, "x");
      assertThat(receipt.status()).isEqualTo(Receipt.Status.ACCEPTED);
      assertThat(receipt.receivers()).as("nobody knows them").isEmpty();
      for (int i = 0; i < (Peers.LONG ? 3 : 2); i++) {
        RedisServer node = cluster.nodes().get(i);
        node.kill();
        assertThat(Peers.untilFlows(a, b, USER)).isLessThan(Duration.ofSeconds(5));
        node.start();
        await()
            .until(
                () -> String.valueOf(node.command("CLUSTER", "INFO")).contains("cluster_state:ok"));
      }
    }
  }

  @Test
  void saysWhatCannotBeReachedAndWhatToDo() {
    RedisServer redis = Brokers.redis();
    redis.close();
    assertThatThrownBy(() -> Peers.open("a", "redis://app:s3cret@127.0.0.1:" + redis.port()))
        .isInstanceOf(PushwireException.class)
        .hasMessageContaining("redis://127.0.0.1:" + redis.port())
        .hasMessageContaining("Connection refused")
        .hasMessageContaining("driver.redis-pubsub.uri")
        .hasMessageContaining("driver.lazy=true")
        .hasMessageNotContaining("s3cret");
  }
}
