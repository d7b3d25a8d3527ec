package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With a Redis, of which it knows nothing. */
class BrokerProcessIT {
  private final BrokerProcess broker =
      new BrokerProcess(
          "redis-server", "redis-server", port -> List.of("--port", Integer.toString(port)));

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void isKilledAndComesBackOnTheSamePort() {
    int port = broker.port();
    ping();
    broker.kill();
    assertThatThrownBy(this::ping).isInstanceOf(UncheckedIOException.class);
    broker.start();
    ping();
    assertThat(broker.port()).isEqualTo(port);
  }

  @Test
  void cutsAndCountsConnections() {
    try (Resp client = Resp.connect(broker.port())) {
      client.call("PING");
      assertThat(broker.leftovers("any")).containsExactly(Map.entry("connections", 1L));
      broker.cut();
      assertThatThrownBy(() -> client.call("PING")).isInstanceOf(UncheckedIOException.class);
      ping();
    }
  }

  @Test
  void pausesAndGoesOn() {
    try (Resp client = Resp.connect(broker.port())) {
      client.call("PING");
      client.timeout(200);
      broker.pause();
      assertThatThrownBy(() -> client.call("PING")).hasMessageContaining("timed out");
      broker.resume();
      ping();
    }
  }

  @Test
  void saysWhyABrokerDoesNotStart() {
    assertThatThrownBy(
            () -> new BrokerProcess("redis-server", "redis-server", port -> List.of("--nonsense")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("redis-server")
        .hasMessageContaining("nonsense");
    assertThatThrownBy(() -> new BrokerProcess("no-such-broker", "its-package", p -> List.of()))
        .hasMessageContaining("apt-get install its-package");
  }

  private void ping() {
    try (Resp client = Resp.connect(broker.port())) {
      assertThat(client.call("PING")).isEqualTo("PONG");
    }
  }
}
