package io.pushwire.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.server.transport.RawClient.Frame;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that say nothing. The clock decides here, so that one kind of I/O is enough. */
class SilenceTest {
  private final TestServer server =
      new TestServer(
          IoKind.best(),
          config -> config.pingInterval(Duration.ofSeconds(1)),
          registry -> registry);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void pingsASilentClientAndClosesADeadOne() throws Exception {
    try (RawClient alive = RawClient.open(server.port, "/ws");
        RawClient dead = RawClient.open(server.port, "/ws")) {
      for (int i = 0; i < 4; i++) {
        Frame ping = alive.readFrame();
        assertThat(ping.opcode()).isEqualTo(RawClient.PING);
        alive.send(RawClient.frame(true, RawClient.PONG, true, ping.payload()));
      }
      assertThat(dead.readsEnd()).isTrue();
      await().until(() -> server.transport.connections() == 1);
      assertThat(server.heard).contains("closed 1006");
    }
  }

  @Test
  void doesNotTakeAClientForDeadThatItDoesNotReadFrom() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    server.onMessage =
        payload -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    try (RawClient busy = RawClient.open(server.port, "/ws");
        RawClient dead = RawClient.open(server.port, "/ws")) {
      for (int i = 0; i < 2 * Calls.MAX_WAITING; i++) {
        busy.sendFrame(RawClient.TEXT, "m" + i);
      }
      // so long
      assertThat(dead.readsEnd()).isTrue();
      await().until(() -> server.transport.connections() == 1);
      go.countDown();
      await().until(() -> server.heard.contains("text m" + (2 * Calls.MAX_WAITING - 1)));
    }
  }

  @Test
  void closesHalfAHandshakeAfterTenSeconds() throws Exception {
    try (RawClient half = new RawClient(server.port);
        RawClient silent = new RawClient(server.port)) {
      String request = RawClient.upgradeRequest("/ws");
      half.send(request.substring(0, request.length() - 10));
      long start = System.nanoTime();

      assertThat(half.readAnswer().status()).isEqualTo(408);
      assertThat(half.in().read()).isEqualTo(-1);
      assertThat(silent.readAnswer().status()).isEqualTo(408);
      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
          .isBetween(9_000L, 13_000L);
    }
  }
}
