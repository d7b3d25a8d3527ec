package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.server.ManyClients.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

  /** Of three times one must be even, whatever else the machine does. */
  @Test
  void fiveThousandClientsAreClosedEvenlyOverTheTime() throws Exception {
    List<int[]> fifths = new ArrayList<>();
    do {
      fifths.add(drainFiveThousand());
    } while (!isEven(fifths.get(fifths.size() - 1)) && fifths.size() < 3);
    assertThat(fifths).as("closed in each fifth of the time").anyMatch(DrainTest::isEven);
  }

  private static boolean isEven(int[] fifths) {
    int all = Arrays.stream(fifths).sum();
    return Arrays.stream(fifths).allMatch(closed -> closed >= all / 10 && closed <= all * 3 / 10);
  }

  private static int[] drainFiveThousand() throws Exception {
    int count = 5000;
    AtomicInteger messages = new AtomicInteger();
    try (Program program =
            Program.start(Map.of(), "--set", "server.port=0", "--set", "server.drain-timeout=6 s");
        ManyClients many = new ManyClients(program.port())) {
      List<Client> clients = many.open(count, "/ws", payload -> messages.incrementAndGet());
      program.signal("TERM");
      Awaitility.await().until(() -> clients.stream().anyMatch(client -> client.closedAt != 0));
      assertThat(program.get("/health/ready").statusCode()).isEqualTo(503);
      assertThat(many.connect(1, RawWebSocket.request("/ws", program.port(), ""), p -> {}, true))
          .allSatisfy(late -> Awaitility.await().until(() -> late.status == 503));
      // the driver is closed last: who is still there gets what is sent now
      String json = "{\"to\":{\"everyone\":true},\"text\":\"still here?\"}";
      assertThat(program.post("/v1/messages", json).statusCode()).isEqualTo(202);
      assertThat(program.process().waitFor(30, TimeUnit.SECONDS)).isTrue();

      assertThat(program.process().exitValue()).isZero();
      assertThat(messages).hasPositiveValue();
      assertThat(clients).allMatch(client -> client.closeCode == 1012);
      return inFifths(clients.stream().mapToLong(client -> client.closedAt).sorted().toArray());
    }
  }

  /** The closes take four fifths of the time; the rest is for the answers. */
  private static int[] inFifths(long[] times) {
    long spread = times[times.length - 1] - times[0];
    assertThat(Duration.ofNanos(spread))
        .isBetween(Duration.ofMillis(4000), Duration.ofMillis(6000));
    int[] fifths = new int[5];
    for (long time : times) {
      fifths[(int) Math.min(4, (time - times[0]) * 5 / spread)]++;
    }
    return fifths;
  }

  @Test
  void closingTwiceDoesNoHarm() {
    TestServer server = TestServer.start();
    server.close();
    server.close();
  }
}
