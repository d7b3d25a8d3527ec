package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class RedisServerIT {
  @Test
  void isKilledAndComesBackOnTheSamePort() {
    try (RedisServer redis = Brokers.redis()) {
      redis.command("SET", "a", "1");
      redis.kill();
      assertThatThrownBy(() -> redis.command("PING")).isInstanceOf(UncheckedIOException.class);
      redis.start();
      assertThat(redis.command("GET", "a")).isNull();
      assertThat(redis.cli("PING")).isEqualTo("PONG");
      assertThat(redis.commandCalls()).containsEntry("get", 1L);
    }
  }

  @Test
  void keepsItsDataWhereThatIsAskedFor() {
    try (RedisServer redis = Brokers.redis("--appendonly", "yes", "--appendfsync", "always")) {
      redis.command("SET", "a", "1");
      redis.kill();
      redis.start();
      assertThat(redis.command("GET", "a")).isEqualTo("1");
      redis.flush();
      assertThat(redis.command("GET", "a")).isNull();
    }
  }

  @Test
  void cutsAndCountsConnections() {
    try (RedisServer redis = Brokers.redis();
        Resp subscriber = Resp.connect(redis.port());
        Resp other = Resp.connect(redis.port())) {
      subscriber.call("SUBSCRIBE", "a");
      other.call("PING");
      assertThat(redis.connections()).isEqualTo(2);
      assertThat(redis.channels()).isEqualTo(1);
      redis.cut();
      RedisSentinel.await("both are gone", () -> redis.connections() == 0);
      assertThat(redis.channels()).isZero();
      assertThatThrownBy(() -> other.call("PING")).isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void pausesAndGoesOn() {
    try (RedisServer redis = Brokers.redis();
        Resp client = Resp.connect(redis.port())) {
      client.call("PING");
      client.timeout(200);
      redis.pause();
      assertThatThrownBy(() -> client.call("PING")).hasMessageContaining("timed out");
      redis.resume();
      assertThat(redis.command("PING")).isEqualTo("PONG");
    }
  }

  @Test
  void runsSentinelsThatFailOver() {
    try (RedisSentinel group = Brokers.redisSentinel()) {
      RedisServer before = group.master();
      group.failOver();
      assertThat(group.master()).isNotSameAs(before);
    }
  }

  @Test
  void runsACluster() {
    try (RedisCluster cluster = Brokers.redisCluster()) {
      assertThat(cluster.nodes()).hasSize(3);
      assertThat(cluster.nodes().get(1).cli("-c", "SET", "a", "1")).isEqualTo("OK");
    }
  }
}
