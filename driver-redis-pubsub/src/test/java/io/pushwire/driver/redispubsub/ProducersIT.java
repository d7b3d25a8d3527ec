package io.pushwire.driver.redispubsub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.Envelope;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.Peer;
import io.pushwire.testkit.PhpRedisProducer;
import io.pushwire.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs that are not Java, with the default settings; three nodes hear them. */
class ProducersIT {
  private static final Target ORDERS = Target.topic("orders");

  @Test
  void redisCliAndPhpReachEveryNodeOnce() {
    try (RedisServer redis = Brokers.redis();
        PhpRedisProducer php = RedisPubSubContractIT.producer(redis, "");
        Peer a = Peers.open("a", redis.uri());
        Peer b = Peers.open("b", redis.uri());
        Peer c = Peers.open("c", redis.uri())) {
      List<Peer> nodes = List.of(a, b, c);
      nodes.forEach(node -> node.subscribe(ORDERS));
      assertThat(redis.cli("PUBLISH", "pub.orders", "raw £")).isEqualTo("3");
      assertThat(redis.cli("PUBLISH", "pub.orders", "PW1 {\"ttl\":60}\nby cli")).isEqualTo("3");
      assertThat(php.write("pub.orders", "raw 🎉".getBytes(UTF_8))).isEqualTo(3);
      assertThat(php.write("pub.orders", new byte[] {0, (byte) 0xFF, '\r', '\n'})).isEqualTo(3);
      php.write("pub.orders", "PW1 {\"binary\":true,\"id\":\"7\"}\n\0\1".getBytes(UTF_8));
      php.write("pub.orders", "end".getBytes(UTF_8));
      for (Peer node : nodes) {
        List<Envelope> got = node.await(ORDERS, 6);
        assertThat(got)
            .extracting(Envelope::payload)
            .containsExactly(
                Payload.text("raw £"),
                Payload.text("by cli"),
                Payload.text("raw 🎉"),
                Payload.binary(new byte[] {0, (byte) 0xFF, '\r', '\n'}),
                Payload.binary(new byte[] {0, 1}),
                Payload.text("end"));
        assertThat(got.get(1).ttl()).hasValue(Duration.ofSeconds(60));
        assertThat(got.get(4).idGiven()).isTrue();
        assertThat(node.delivery().received()).hasSize(6);
      }
    }
  }
}
