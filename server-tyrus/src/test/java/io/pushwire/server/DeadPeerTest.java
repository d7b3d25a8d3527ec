package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.server.ManyClients.Client;
import io.pushwire.testkit.FaultProxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A peer whose network is gone says nothing, not even that it is gone. */
class DeadPeerTest {
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  @Test
  void deadPeersAreFoundWithinTwoPingIntervals() {
    try (TestServer server = TestServer.start("connection.ping-interval", "2 s");
        FaultProxy proxy = FaultProxy.to(server.port());
        ManyClients near = new ManyClients(server.port());
        ManyClients far = new ManyClients(proxy.port())) {
      List<Client> alive = near.open(10, "/ws?user=near", payload -> {});
      List<Client> dead = far.open(10, "/ws?user=far", payload -> {});
      await().until(() -> dead.stream().allMatch(client -> client.pings >= 1));
      proxy.blackHole();
      long start = System.nanoTime();
      await().until(() -> !server.server().node().registry().isOnline("far"));

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isLessThan(INTERVAL.multipliedBy(2).plusSeconds(1)); // until the test sees it
      assertThat(server.server().node().registry().connections("near")).hasSize(10);
      assertThat(alive).noneMatch(client -> client.ended);
    }
  }
}
