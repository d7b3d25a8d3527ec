package io.pushwire.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Target;
import io.pushwire.core.Counters.Reason;
import io.pushwire.endpoint.SlowClientPolicy;
import io.pushwire.server.transport.RawClient.Frame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(IoKind.class)
class SlowClientTest {
  private static final int LIMIT = 128 << 10;
  private static final int MESSAGES = 2000;

  @Parameter IoKind io;

  private TestServer server;

  private void start(SlowClientPolicy policy) {
    server = new TestServer(io, config -> config.outboxLimit(LIMIT).slowClient(policy), r -> r);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String message(int i) {
    return i + ":" + "x".repeat(1000 + i % 500);
  }

  private void sendAll() {
    for (int i = 0; i < MESSAGES; i++) {
      server.send(Target.topic("t"), message(i));
    }
  }

  @Test
  void closesASlowClientAndOthersGetAll() throws Exception {
    start(SlowClientPolicy.CLOSE);
    try (RawClient slow = new RawClient(server.port, 4096).upgrade("/ws?topic=t&user=slow");
        RawClient healthy = RawClient.open(server.port, "/ws?topic=t")) {
      for (int i = 0; i < MESSAGES; i++) {
        server.send(Target.topic("t"), message(i));
        assertThat(healthy.readFrame().text()).isEqualTo(message(i));
      }

      await().until(() -> server.heard.contains("closed 4408"));
      await().until(() -> server.transport.connections() == 1);
      assertThat(server.node.registry().size()).isOne();
      assertThat(server.transport.outboxBytes()).isZero();
      assertThat(server.counters.droppedCount(Reason.SLOW_CLIENT)).isPositive();
      // what it got before is whole and in order
      List<String> got = new ArrayList<>();
      readWhatIsThere(slow, got);
      assertThat(got).isNotEmpty();
      for (int i = 0; i < got.size(); i++) {
        assertThat(got.get(i)).isEqualTo(message(i));
      }
    }
  }

  private static void readWhatIsThere(RawClient client, List<String> got) {
    try {
      for (Frame f = client.readFrame(); f.opcode() == RawClient.TEXT; f = client.readFrame()) {
        got.add(f.text());
      }
    } catch (java.io.IOException end) {
      // reset: its kernel's part of what was sent came before
    }
  }

  @Test
  void closesWith4408IfTheClientWakesUpInTime() throws Exception {
    start(SlowClientPolicy.CLOSE);
    try (RawClient slow = new RawClient(server.port, 4096).upgrade("/ws?topic=t")) {
      for (int i = 0; server.counters.droppedCount(Reason.SLOW_CLIENT) == 0; i++) {
        server.send(Target.topic("t"), message(i));
      }
      assertThat(slow.readCloseCode()).isEqualTo(4408);
      assertThat(slow.readsEnd()).isTrue();
    }
  }

  @Test
  void dropsTheOldestWholeFramesInOrder() throws Exception {
    start(SlowClientPolicy.DROP_OLDEST);
    try (RawClient slow = new RawClient(server.port, 4096).upgrade("/ws?topic=t&user=slow")) {
      sendAll();
      await().until(() -> server.counters.deliveredCount() == MESSAGES);
      assertThat(server.transport.outboxBytes()).isBetween(1L, (long) LIMIT);
      long dropped = server.counters.droppedCount(Reason.SLOW_CLIENT);
      assertThat(dropped).isPositive();

      int last = -1;
      int got = 0;
      while (last < MESSAGES - 1) {
        Frame frame = slow.readFrame();
        int number = Integer.parseInt(frame.text().substring(0, frame.text().indexOf(':')));
        assertThat(number).isGreaterThan(last);
        assertThat(frame.text()).isEqualTo(message(number));
        last = number;
        got++;
      }
      assertThat(got).isEqualTo(MESSAGES - (int) dropped);
      assertThat(server.transport.connections()).isOne();
    }
  }

  @Test
  void hundredSlowClientsHoldNoMoreThanTheirLimits() throws Exception {
    start(SlowClientPolicy.DROP_OLDEST);
    List<RawClient> slow = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      slow.add(new RawClient(server.port, 4096).upgrade("/ws?topic=t"));
    }
    try (RawClient healthy = RawClient.open(server.port, "/ws?user=healthy")) {
      for (int i = 0; i < 500; i++) {
        server.send(Target.topic("t"), message(i));
        server.send(Target.user("healthy"), message(i));
        assertThat(healthy.readFrame().text()).isEqualTo(message(i));
      }
      assertThat(server.transport.outboxBytes()).isLessThanOrEqualTo(100L * LIMIT);
    }
    for (RawClient client : slow) {
      client.close();
    }
    await().until(() -> server.transport.connections() == 0);
    await().until(() -> server.transport.outboxBytes() == 0);
  }
}
