package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A node that goes down takes leave of its clients. */
class DrainTest {
  @Test
  void aDrainingNodeClosesItsClientsAndTakesNoMore() {
    try (TestServer server = TestServer.start("server.drain-timeout", "2 s")) {
      List<RawWebSocket> clients = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        clients.add(server.open("?user=" + i));
      }
      CompletableFuture<Void> drained = CompletableFuture.runAsync(server.server()::drain);

      Awaitility.await().until(() -> server.get("/health/ready").statusCode() == 503);
      assertThat(server.get("/health/ready").body())
          .startsWith("{\"status\":\"DOWN\"")
          .contains("{\"name\":\"accepting\",\"status\":\"DOWN\"");
      assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
      assertThat(server.raw(RawWebSocket.request("/ws", server.port(), "Connection: close\r\n")))
          .startsWith("HTTP/1.1 503 ")
          .containsIgnoringCase("retry-after: 1");
      List<Integer> codes = new ArrayList<>();
      for (RawWebSocket client : clients) {
        RawWebSocket.Frame frame = client.next();
        codes.add(frame.closeCode());
        client.send(RawWebSocket.CLOSE, frame.payload());
        assertThat(client.isEnded()).isTrue();
      }
      assertThat(codes).hasSize(20).containsOnly(1012);
      drained.join();
      clients.forEach(RawWebSocket::close);
    }
  }

  @Test
  void withoutClientsThereIsNothingToWaitFor() {
    try (TestServer server = TestServer.start("server.drain-timeout", "10 min")) {
      server.open("?user=1").close();
      Awaitility.await().until(() -> server.server().node().registry().size() == 0);
      long start = System.nanoTime();
      server.server().drain();

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
    }
  }

  @Test
  void closingTwiceDoesNoHarm() {
    TestServer server = TestServer.start();
    server.close();
    server.close();
  }
}
