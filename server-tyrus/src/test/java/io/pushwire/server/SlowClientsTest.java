package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.pushwire.server.ManyClients.Client;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * 100 clients that never read beside 200 that do, on a server with 256 MB of heap. Every message is
 * for all of them.
 */
class SlowClientsTest {
  private static final Logger log = LoggerFactory.getLogger(SlowClientsTest.class);
  private static final int HEALTHY = 200;
  private static final int SLOW = 100;
  private static final int USERS = 4; // whose the slow ones are
  private static final int HEAP = 256; // MB
  private static final int SIZE = 4096;
  private static final int PER_SECOND = 100;

  @ParameterizedTest
  @ValueSource(strings = {"close", "drop-oldest"})
  void healthyClientsGetEverythingAndTheHeapIsBounded(String policy) throws IOException {
    try (Round round = new Round(policy, SLOW)) {
      round.publish(200);
      round.assertBounded();
      round.assertSlowOnesAre(policy);
    }
  }

  /** The ratio of their 99th percentile with slow clients to that without, five times each. */
  @ParameterizedTest
  @ValueSource(strings = {"close", "drop-oldest"})
  @EnabledIfSystemProperty(named = "pushwire.long", matches = "true")
  void healthyClientsKeepTheirLatency(String policy) throws IOException {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      double without = run(policy, 0);
      double with = run(policy, SLOW);
      ratios.add(with / without);
      log.info("{}: p99 {} ms without, {} ms with slow clients", policy, without, with);
    }
    log.info("{}: ratios {}", policy, ratios);
    assertThat(ratios.stream().sorted().toList().get(2)).isLessThanOrEqualTo(1.5);
  }

  private static double run(String policy, int slow) throws IOException {
    try (Round round = new Round(policy, slow)) {
      round.publish(200); // the compilers' time
      round.forget();
      round.publish(2000);
      round.assertBounded();
      return round.percentile99();
    }
  }

  /** A server with its clients. */
  private static final class Round implements AutoCloseable {
    private final Program program;
    private final ManyClients many;
    private final List<Client> slow = new ArrayList<>();
    private final long[] nanos = new long[HEALTHY * 2000];
    private final AtomicInteger heard = new AtomicInteger();

    Round(String policy, int slowClients) {
      program =
          Program.start(
              HEAP,
              Map.of(),
              "--set=server.port=0",
              "--set=connection.outbox-limit=128 KiB",
              "--set=connection.slow-client=" + policy);
      many = new ManyClients(program.port());
      for (int i = 0; i < USERS; i++) {
        slow.addAll(many.openUnread(slowClients / USERS, "/ws?topic=t&user=slow" + i));
      }
      many.open(HEALTHY, "/ws?topic=t", this::heard);
    }

    private void heard(ByteBuf payload) {
      String sent = payload.toString(payload.readerIndex(), 20, StandardCharsets.US_ASCII);
      nanos[heard.get()] = System.nanoTime() - Long.parseLong(sent.trim());
      heard.incrementAndGet();
    }

    /** At an even pace; returns when every healthy client has got every message. */
    void publish(int messages) {
      int before = heard.get();
      long start = System.nanoTime();
      for (int i = 0; i < messages; i++) {
        LockSupport.parkNanos(start + i * 1_000_000_000L / PER_SECOND - System.nanoTime());
        String payload = String.format("%-" + SIZE + "d", System.nanoTime());
        String json = "{\"to\":{\"topic\":\"t\"},\"text\":\"" + payload + "\"}";
        assertThat(program.post("/v1/messages", json).statusCode()).isEqualTo(202);
      }
      await().until(() -> heard.get() == before + messages * HEALTHY);
    }

    void forget() {
      heard.set(0);
    }

    /** In milliseconds. */
    double percentile99() {
      long[] all = Arrays.copyOf(nanos, heard.get());
      Arrays.sort(all);
      return all[all.length * 99 / 100] / 1e6;
    }

    /** The heap by -Xmx; the rest is code, threads, and buffers outside the heap. */
    void assertBounded() throws IOException {
      assertThat(program.process().isAlive()).isTrue();
      Path status = Path.of("/proc", String.valueOf(program.process().pid()), "status");
      if (Files.exists(status)) {
        for (String line : Files.readAllLines(status)) {
          if (line.startsWith("VmHWM:")) {
            long most = Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            log.info("The server has taken {} MB at most", most);
            assertThat(most).isLessThan(2 * HEAP);
          }
        }
      }
    }

    /** Closed while they do not read, or there for as long as they do not. */
    void assertSlowOnesAre(String policy) {
      boolean closed = policy.equals("close");
      await("slow clients offline: " + closed)
          .atMost(20, TimeUnit.SECONDS)
          .until(() -> online() == (closed ? 0 : USERS));
      assertThat(slow).as("who is kept").noneMatch(client -> !closed && client.ended);
      slow.forEach(Client::wakeUp);
      await("slow clients ended: " + closed)
          .atMost(20, TimeUnit.SECONDS)
          .until(() -> slow.stream().allMatch(client -> client.ended == closed));
    }

    private long online() {
      return IntStream.range(0, USERS)
          .filter(i -> program.get("/v1/users/slow" + i).body().contains("\"online\":true"))
          .count();
    }

    @Override
    public void close() {
      many.close();
      program.close();
    }
  }
}
