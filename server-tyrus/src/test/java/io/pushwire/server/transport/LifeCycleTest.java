package io.pushwire.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(IoKind.class)
class LifeCycleTest {
  @Parameter IoKind io;

  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(io);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void closesOpenConnectionsWith1001() throws Exception {
    try (RawClient client = RawClient.open(server.port, "/ws?user=u")) {
      CompletableFuture<Void> closing = CompletableFuture.runAsync(server.transport::close);

      assertThat(client.readCloseCode()).isEqualTo(1001);
      assertThat(client.in().read()).isEqualTo(-1);
      closing.get(10, TimeUnit.SECONDS);
      assertThat(server.heard).contains("closed 1001");
      assertThat(server.node.registry().size()).isZero();
    }
  }

  @Test
  void closesInBoundedTimeAlthoughNobodyAnswers() throws Exception {
    try (RawClient silent = RawClient.open(server.port, "/ws");
        RawClient half = new RawClient(server.port);
        RawClient waiting = new RawClient(server.port)) {
      half.send("GET /x HTTP/1.1\r\n");
      waiting.send("GET /later/1 HTTP/1.1\r\nHost: h\r\n\r\n");
      await().until(() -> server.answers.containsKey("/later/1"));
      long start = System.nanoTime();
      server.transport.close();
      server.transport.close();

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      assertThat(silent.readsEnd()).isTrue();
      assertThat(half.readsEnd()).isTrue();
      assertThat(waiting.readsEnd()).isTrue();
    }
  }

  @Test
  void leavesNoThreads() {
    server.close();
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().startsWith("pushwire-loop"))
                    .noneMatch(thread -> thread.getName().startsWith("pushwire-app")));
  }

  @Test
  void drainsWith1012SpreadOverTheTime() throws Exception {
    int connections = 40;
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      clients.add(RawClient.open(server.port, "/ws"));
    }
    long start = System.nanoTime();
    CompletableFuture<Void> draining =
        CompletableFuture.runAsync(() -> server.transport.drain(Duration.ofSeconds(2)));
    await().until(() -> server.transport.connections() < connections || answers503());

    List<Long> millis = new ArrayList<>();
    for (RawClient client : clients) {
      assertThat(client.readCloseCode()).isEqualTo(1012);
      millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }
    draining.get(5, TimeUnit.SECONDS);

    await().until(() -> server.transport.connections() == 0);
    assertThat(millis.get(connections - 1)).isBetween(700L, 5000L);
    // a new WebSocket is refused, HTTP goes on
    assertThat(answers503()).isTrue();
    try (RawClient client = new RawClient(server.port)) {
      client.send("GET /health HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.readAnswer().status()).isEqualTo(200);
    }
    for (RawClient client : clients) {
      client.close();
    }
  }

  private boolean answers503() throws Exception {
    try (RawClient client = new RawClient(server.port)) {
      return client.send(RawClient.upgradeRequest("/ws")).readAnswer().status() == 503;
    }
  }

  @Test
  void saysWhichPortItCannotBind() {
    assertThatThrownBy(
            () -> {
              TestServer second =
                  new TestServer(io, config -> config.port(server.port), registry -> registry);
              second.close();
            })
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("127.0.0.1:" + server.port);
  }
}
