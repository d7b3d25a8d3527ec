package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.test.Chromium;
import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.FaultProxy;
import io.pushwire.testkit.RedisServer;
import java.net.URI;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A browser loses its connection; what comes meanwhile waits for it. */
class WaitingMessagesIT {
  @Test
  void comeInOrderWhenTheBrowserIsBack() {
    try (RedisServer redis = Brokers.redis();
        TestServer server =
            TestServer.start("driver", "redis-queue", "driver.redis-queue.uri", redis.uri());
        FaultProxy network = FaultProxy.to(server.port());
        Chromium chromium = Chromium.start()) {
      URI url = URI.create("http://127.0.0.1:" + network.port() + "/");
      DemoPage page = DemoPage.open(chromium, url);
      server.post("/v1/messages", "{\"to\":{\"user\":\"42\"},\"text\":\"before\"}");
      page.left().awaitMessage("before");

      network.refuse();
      await().until(() -> !user(server).get("online").asBoolean());
      redis.cli("LPUSH", "user_42_messages", "one, by redis-cli");
      server.post("/v1/messages", "{\"to\":{\"user\":\"42\"},\"text\":\"two, by HTTP\"}");
      redis.cli("LPUSH", "user_42_messages", "three, by redis-cli");
      redis.cli("LPUSH", "user_42_messages", "PW1 {\"id\":\"4\"}\nfour, by redis-cli");
      server.post("/v1/messages", "{\"to\":{\"user\":\"42\"},\"text\":\"five, by HTTP\"}");
      assertThat(user(server).get("waiting").asInt()).isEqualTo(5);

      network.heal();
      page.left().awaitMessage("five, by HTTP");
      assertThat(page.left().messages())
          .containsExactly(
              "five, by HTTP",
              "four, by redis-cli",
              "three, by redis-cli",
              "two, by HTTP",
              "one, by redis-cli",
              "before");
      await().until(() -> user(server).get("waiting").asInt() == 0);
    }
  }

  private static JsonNode user(TestServer server) {
    return TestServer.json(server.get("/v1/users/42"));
  }
}
