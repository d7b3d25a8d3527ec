package io.pushwire.driver.redispubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.core.Counters;
import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.Peer;
import io.pushwire.testkit.RedisServer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class SlowReceiverIT {
  @Test
  void isNotKilledByRedisAndToldWhatItMissed() {
    Target topic = Target.topic("t");
    long pause = Duration.ofMillis(5).toNanos();
    Payload payload = Payload.binary(new byte[16 * 1024]);
    int count = Peers.LONG ? 40_000 : 4_000;
    try (RedisServer redis = Brokers.redis("--client-output-buffer-limit", "pubsub 8mb 2mb 10");
        Peer a = Peers.open("a", redis.uri());
        Peer b = Peers.open("b", redis.uri(), "inbox-size", "16 MiB")) {
      b.subscribe(topic);
      String before = subscribers(redis);
      b.delivery().keepNothing();
      b.delivery().onDeliver(envelope -> LockSupport.parkNanos(pause));
      long begin = System.nanoTime();
      for (int i = 0; i < count; i++) {
        a.publish(a.envelope(topic, payload).build());
        LockSupport.parkNanos(begin + i * 500_000L - System.nanoTime());
      }
      await().until(() -> b.counters().droppedCount(Counters.Reason.OVERFLOW) > 0);
      await().until(() -> !b.delivery().interruptions().isEmpty());
      assertThat(b.delivery().interruptions().get(0).reason()).contains("too slow");
      assertThat(subscribers(redis)).isEqualTo(before);
    }
  }

  private static String subscribers(RedisServer redis) {
    return redis
        .cli("CLIENT", "LIST", "TYPE", "pubsub")
        .lines()
        .map(line -> line.substring(0, line.indexOf(' ')))
        .sorted()
        .toList()
        .toString();
  }
}
