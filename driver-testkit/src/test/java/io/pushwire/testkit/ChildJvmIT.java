package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChildJvmIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void noBrokerOutlivesTheJvmThatStartedIt() {
    try (ChildJvm jvm = ChildJvm.start(StartsRedis.class)) {
      int port = Integer.parseInt(jvm.awaitLine("", PATIENCE));
      try (Resp redis = Resp.connect(port)) {
        assertThat(redis.call("PING")).isEqualTo("PONG");
      }
      ProcessHandle.of(jvm.pid()).ifPresent(ProcessHandle::destroyForcibly);
      RedisSentinel.await("its Redis is gone", () -> !answers(port));
    }
  }

  private static boolean answers(int port) {
    try (Resp redis = Resp.connect(port)) {
      return redis.call("PING") != null;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  @Test
  void saysWhatAChildPrintedInstead() {
    try (ChildJvm jvm = ChildJvm.start(Fails.class)) {
      assertThatThrownBy(() -> jvm.awaitLine("ready", PATIENCE))
          .hasMessageContaining("ended without printing 'ready'")
          .hasMessageContaining("first words");
      RedisSentinel.await("it is gone", () -> !jvm.isAlive());
    }
  }

  /** Prints the port of a Redis. */
  static final class StartsRedis {
    public static void main(String[] args) throws InterruptedException {
      RedisServer redis = Brokers.redis();
      System.out.println(redis.port());
      Thread.currentThread().join();
    }
  }

  /** Ends without being ready. */
  static final class Fails {
    public static void main(String[] args) {
      System.out.println("first words");
      System.exit(3);
    }
  }
}
