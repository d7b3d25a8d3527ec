package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.RedisServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Two servers on two ports, joined by Redis Pub/Sub on one line of their settings. */
class TwoServersIT extends TwoServersContract {
  private static final Duration OUTAGE =
      Duration.ofSeconds(Boolean.getBoolean("pushwire.long") ? 12 : 3);

  private static final Duration AT_ONCE = Duration.ofMillis(100);

  private RedisServer redis;

  @Override
  String[] startBroker() {
    redis = Brokers.redis();
    return new String[] {"driver", "redis-pubsub", "driver.redis-pubsub.uri", redis.uri()};
  }

  @Override
  void stopBroker() {
    redis.close();
  }

  @Override
  void assertTaken(JsonNode receipt) {
    assertThat(receipt.get("status").asString()).isEqualTo("accepted");
    assertThat(receipt.get("receivers").asInt()).isEqualTo(1);
  }

  @Override
  void assertForeignIsHeard(RawWebSocket client, RawWebSocket other) {
    assertThat(redis.cli("PUBLISH", "pub.orders", "by redis-cli")).isEqualTo("1");
    assertThat(client.next().text()).isEqualTo("by redis-cli");
  }

  @Test
  void nobodyOnAnyServerIsSaidSo() {
    JsonNode receipt = post(TO_USER.formatted("x"));
    assertThat(receipt.get("status").asString()).isEqualTo("nobody");
    assertThat(receipt.get("receivers").asInt()).isZero();
  }

  @Test
  void bothOutliveRedisAndFlowWithinASecondAfterIt() {
    try (RawWebSocket client = a.open("?user=42");
        RawWebSocket other = b.open("?user=7")) {
      post(TO_USER.formatted("before"));
      assertThat(client.next().text()).isEqualTo("before");

      redis.kill();
      // the first one may still meet the end itself
      assert503Within(Duration.ofSeconds(2));
      long end = System.nanoTime() + OUTAGE.toNanos();
      while (System.nanoTime() < end) {
        assert503AtOnce();
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
      assertThat(a.get("/health/live").statusCode()).isEqualTo(200);
      assertThat(b.get("/health/live").statusCode()).isEqualTo(200);

      try (RawWebSocket meanwhile = a.open("?user=9")) {
        redis.start();
        long back = System.nanoTime();
        Awaitility.await()
            .pollInSameThread()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> isHeard(b.post(MESSAGES, TO_USER.formatted("after")), 1));
        assertThat(client.next().text()).isEqualTo("after");
        // that one server is there again says nothing of the other
        Awaitility.await()
            .pollInSameThread()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> isHeard(b.post(MESSAGES, TO_EVERYONE.formatted("all are still here")), 2));
        assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(1));

        assertThat(meanwhile.next().text()).isEqualTo("all are still here");
        assertThat(other.next().text()).isEqualTo("all are still here");
      }
      Awaitility.await().until(() -> b.get("/health/ready").statusCode() == 200);
    }
  }

  @Test
  void bothOutliveARedisThatIsSilent() {
    try (RawWebSocket client = a.open("?user=42")) {
      post(TO_USER.formatted("before"));
      assertThat(client.next().text()).isEqualTo("before");

      redis.pause();
      // nobody can know it before the time-out of 2 s
      assert503Within(Duration.ofSeconds(2));
      for (int i = 0; i < 20; i++) {
        assert503AtOnce();
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> a.get("/health/ready").statusCode() == 503);
      assertThat(a.get("/health/live").statusCode()).isEqualTo(200);
      assertThat(b.get("/health/live").statusCode()).isEqualTo(200);

      redis.resume();
      Awaitility.await().until(() -> isHeard(b.post(MESSAGES, TO_USER.formatted("after")), 1));
      assertThat(client.next().text()).isEqualTo("after");
      Awaitility.await().until(() -> a.get("/health/ready").statusCode() == 200);
    }
  }

  /** Whether the broker took it, and so many servers are there again that want it. */
  private static boolean isHeard(HttpResponse<String> response, int servers) {
    return response.statusCode() == 202
        && TestServer.json(response).get("receivers").asInt() == servers;
  }

  /**
   * The link is known to be lost: nothing is waited for. The quickest of three: others work too.
   */
  private void assert503AtOnce() {
    Duration least = assert503Within(Duration.ofSeconds(2));
    for (int i = 0; i < 2 && least.compareTo(AT_ONCE) > 0; i++) {
      Duration again = assert503Within(Duration.ofSeconds(2));
      least = again.compareTo(least) < 0 ? again : least;
    }
    assertThat(least).isLessThan(AT_ONCE);
  }
}
