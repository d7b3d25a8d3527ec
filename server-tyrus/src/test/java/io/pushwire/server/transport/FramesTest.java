package io.pushwire.server.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.server.transport.RawClient.Frame;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes over one open WebSocket in both directions, and how it ends. */
@ParameterizedClass
@EnumSource(IoKind.class)
class FramesTest {
  private static final int MAX_MESSAGE = 100_000;
  private static final String FOUR_BYTES = "\uD83D\uDE00 pay\u00e9 \u4e2d";

  @Parameter IoKind io;

  private TestServer server;
  private RawClient client;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer(io, config -> config.maxMessage(MAX_MESSAGE), registry -> registry);
    client = RawClient.open(server.port, "/ws?user=u");
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
  }

  private void awaitHeard(String what) {
    await().until(() -> server.heard.contains(what));
  }

  @Test
  void sendsTextAndBinaryByteForByte() throws Exception {
    byte[] zeros = {0, 1, 0, (byte) 0xFF, 0};
    server.send(Target.user("u"), FOUR_BYTES);
    server.send(Target.user("u"), Payload.binary(zeros));
    server.send(Target.user("u"), "");

    Frame text = client.readFrame();
    assertThat(text.fin()).isTrue();
    assertThat(text.opcode()).isEqualTo(RawClient.TEXT);
    assertThat(text.text()).isEqualTo(FOUR_BYTES);
    Frame binary = client.readFrame();
    assertThat(binary.opcode()).isEqualTo(RawClient.BINARY);
    assertThat(binary.payload()).isEqualTo(zeros);
    assertThat(client.readFrame().payload()).isEmpty();
  }

  @Test
  void sendsEveryLengthRight() throws Exception {
    Random random = new Random(1);
    for (int length : new int[] {1, 125, 126, 127, 65_535, 65_536, 200_000}) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      server.send(Target.user("u"), Payload.binary(bytes));
      assertThat(client.readFrame().payload()).isEqualTo(bytes);
    }
  }

  @Test
  void hearsTextAndBinary() throws Exception {
    client.sendFrame(RawClient.TEXT, FOUR_BYTES);
    client.send(RawClient.frame(true, RawClient.BINARY, true, new byte[MAX_MESSAGE]));

    awaitHeard("binary " + MAX_MESSAGE);
    assertThat(server.heard.get(0)).startsWith("opened pushwire-app");
    assertThat(server.heard.subList(1, 3))
        .containsExactly("text " + FOUR_BYTES, "binary " + MAX_MESSAGE);
  }

  @Test
  void hearsAMessageInFragmentsWithAPingBetween() throws Exception {
    byte[] utf8 = FOUR_BYTES.getBytes(UTF_8);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    // cut within a character
    all.writeBytes(RawClient.frame(false, RawClient.TEXT, true, Arrays.copyOf(utf8, 2)));
    all.writeBytes(RawClient.frame(true, RawClient.PING, true, "p".getBytes(UTF_8)));
    all.writeBytes(RawClient.frame(false, 0, true, new byte[0]));
    all.writeBytes(RawClient.frame(true, 0, true, Arrays.copyOfRange(utf8, 2, utf8.length)));
    client.send(all.toByteArray());

    assertThat(client.readFrame().opcode()).isEqualTo(RawClient.PONG);
    awaitHeard("text " + FOUR_BYTES);
  }

  @Test
  void hearsFramesThatComeByteByByte() throws Exception {
    byte[] frame = RawClient.frame(true, RawClient.TEXT, true, "x".repeat(300).getBytes(UTF_8));
    for (byte b : frame) {
      client.send(new byte[] {b});
    }
    awaitHeard("text " + "x".repeat(300));
  }

  @Test
  void answersPings() throws Exception {
    client.sendFrame(RawClient.PING, "are you there");

    Frame pong = client.readFrame();
    assertThat(pong.opcode()).isEqualTo(RawClient.PONG);
    assertThat(pong.text()).isEqualTo("are you there");
  }

  @Test
  void answersTheClientsCloseAndClosesTheSocket() throws Exception {
    client.send(RawClient.frame(true, RawClient.CLOSE, true, new byte[] {0x0F, (byte) 0xA0}));

    assertThat(client.readFrame().closeCode()).isEqualTo(4000);
    assertThat(client.in().read()).isEqualTo(-1);
    awaitHeard("closed 4000");
    await().until(() -> server.transport.connections() == 0);
    assertThat(server.node.registry().size()).isZero();
  }

  @Test
  void closesWithTheCodeAndReasonThatItIsTold() throws Exception {
    await().until(() -> !server.opened.isEmpty());
    server.opened.get(0).close(4409, "because");
    server.opened.get(0).close(4401, "again");
    server.send(Target.user("u"), "too late perhaps");

    Frame close = client.readFrame();
    while (close.opcode() != RawClient.CLOSE) {
      close = client.readFrame();
    }
    assertThat(close.closeCode()).isEqualTo(4409);
    assertThat(close.text()).endsWith("because");
    client.send(RawClient.frame(true, RawClient.CLOSE, true, close.payload()));
    assertThat(client.in().read()).isEqualTo(-1);
    awaitHeard("closed 4409");
  }

  @Test
  void closesAClientThatHasSpokenAsOneThatHasNot() throws Exception {
    client.sendFrame(RawClient.TEXT, "hello");
    client.sendFrame(RawClient.PING, "");
    assertThat(client.readFrame().opcode()).isEqualTo(RawClient.PONG);
    awaitHeard("text hello");
    server.opened.get(0).close(4409, "because");
    server.opened.get(0).close(4401, "again");

    Frame close = client.readFrame();
    assertThat(close.closeCode()).isEqualTo(4409);
    assertThat(close.text()).endsWith("because");
    client.sendFrame(RawClient.TEXT, "too late");
    client.send(RawClient.frame(true, RawClient.CLOSE, true, close.payload()));
    assertThat(client.in().read()).isEqualTo(-1);
    await().until(() -> server.transport.connections() == 0);
    assertThat(server.heard.get(0)).startsWith("opened ");
    assertThat(server.heard.subList(1, server.heard.size()))
        .containsExactly("text hello", "closed 4409");
    assertThat(server.node.registry().size()).isZero();
  }

  @Test
  void closesTheSocketAlthoughTheClientDoesNotAnswer() throws Exception {
    await().until(() -> !server.opened.isEmpty());
    server.opened.get(0).close(4409, "");

    assertThat(client.readFrame().closeCode()).isEqualTo(4409);
    assertThat(client.in().read()).isEqualTo(-1);
  }

  @Test
  void closesUnmaskedFramesWith1002() throws Exception {
    client.send(RawClient.frame(true, RawClient.TEXT, false, "bare".getBytes(UTF_8)));

    assertThat(client.readCloseCode()).isEqualTo(1002);
    assertThat(client.in().read()).isEqualTo(-1);
    awaitHeard("closed 1002");
    assertThat(server.heard).doesNotContain("text bare");
  }

  @Test
  void seesTheClientsCloseFrameBehindABrokenOne() throws Exception {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(RawClient.frame(true, RawClient.TEXT, false, new byte[500]));
    both.writeBytes(RawClient.frame(true, RawClient.CLOSE, true, new byte[] {3, (byte) 0xE8}));
    long start = System.nanoTime();
    client.send(both.toByteArray());

    assertThat(client.readFrame().closeCode()).isEqualTo(1002);
    assertThat(client.readsEnd()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void closesBrokenFramesWith1002() throws Exception {
    byte[] rsv = RawClient.frame(true, RawClient.TEXT, true, new byte[1]);
    rsv[0] |= 0x40;
    List<byte[]> broken =
        List.of(
            rsv,
            RawClient.frame(true, 3, true, new byte[1]),
            RawClient.frame(true, RawClient.PING, true, new byte[126]),
            RawClient.frame(false, RawClient.PING, true, new byte[1]),
            RawClient.frame(true, 0, true, new byte[1]),
            RawClient.frame(true, RawClient.CLOSE, true, new byte[1]));
    for (byte[] frame : broken) {
      try (RawClient other = RawClient.open(server.port, "/ws")) {
        assertThat(other.send(frame).readCloseCode()).isEqualTo(1002);
        assertThat(other.readsEnd()).isTrue();
      }
    }
  }

  @Test
  void closesTextThatIsNotUtf8With1007() throws Exception {
    client.send(RawClient.frame(true, RawClient.TEXT, true, new byte[] {(byte) 0xC3, 0x28}));

    assertThat(client.readCloseCode()).isEqualTo(1007);
  }

  @Test
  void closesMessagesOverTheLimitWith1009() throws Exception {
    client.send(RawClient.frame(true, RawClient.BINARY, true, new byte[MAX_MESSAGE + 1]));
    assertThat(client.readCloseCode()).isEqualTo(1009);
    assertThat(client.in().read()).isEqualTo(-1);
    awaitHeard("closed 1009");
  }

  @Test
  void closesMessagesOverTheLimitInFragmentsWith1009() throws Exception {
    client.send(RawClient.frame(false, RawClient.BINARY, true, new byte[MAX_MESSAGE]));
    client.send(RawClient.frame(true, 0, true, new byte[1]));
    assertThat(client.readCloseCode()).isEqualTo(1009);
  }

  @Test
  void closesMessagesInTooManyFragmentsWith1009() throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(RawClient.frame(false, RawClient.BINARY, true, new byte[0]));
    for (int i = 0; i < FrameCheck.MAX_FRAGMENTS; i++) {
      all.writeBytes(RawClient.frame(false, 0, true, new byte[0]));
    }
    client.send(all.toByteArray());
    assertThat(client.readCloseCode()).isEqualTo(1009);
  }

  @Test
  void neverBelievesAnImpossibleLength() throws Exception {
    byte[] header = {(byte) 0x82, (byte) 0xFF, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0};
    assertThat(client.send(header).readCloseCode()).isEqualTo(1009);
  }

  @Test
  void hearsOfALostConnectionAs1006() throws Exception {
    client.reset();

    awaitHeard("closed 1006");
    await().until(() -> server.transport.connections() == 0);
    assertThat(server.node.registry().size()).isZero();
  }

  @Test
  void hearsMessagesInOrderWithABoundOnWhatWaits() throws Exception {
    int messages = 3000;
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger heard = new AtomicInteger();
    server.onMessage =
        payload -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          heard.incrementAndGet();
        };
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < messages; i++) {
      all.writeBytes(RawClient.frame(true, RawClient.TEXT, true, ("m" + i).getBytes(UTF_8)));
    }
    client.send(all.toByteArray());
    // another connection is heard meanwhile
    try (RawClient other = RawClient.open(server.port, "/ws?user=other")) {
      other.sendFrame(RawClient.PING, "");
      assertThat(other.readFrame().opcode()).isEqualTo(RawClient.PONG);
    }
    await().until(() -> waitingCalls() >= Calls.MAX_WAITING - 1);
    go.countDown();

    awaitHeard("text m" + (messages - 1));
    assertThat(server.heard.stream().filter(h -> h.startsWith("text")).toList())
        .isEqualTo(IntStream.range(0, messages).mapToObj(i -> "text m" + i).toList());
  }

  @Test
  void closesAlthoughItDoesNotReadJustNow() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    server.onMessage =
        payload -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    for (int i = 0; i < 2 * Calls.MAX_WAITING; i++) {
      client.sendFrame(RawClient.TEXT, "m" + i);
    }
    await().until(() -> waitingCalls() >= Calls.MAX_WAITING - 1);
    long start = System.nanoTime();
    server.opened.get(0).close(4409, "");

    assertThat(client.readCloseCode()).isEqualTo(4409);
    assertThat(client.readsEnd()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    go.countDown();
    awaitHeard("closed 4409");
  }

  private int waitingCalls() {
    NettyConnection connection = (NettyConnection) server.connection("u").orElseThrow();
    return connection.calls().waiting();
  }

  @Test
  void closesWith1011IfTheListenerFails() throws Exception {
    server.onMessage =
        payload -> {
          throw new IllegalStateException("as wanted");
        };
    client.sendFrame(RawClient.TEXT, "x");

    assertThat(client.readCloseCode()).isEqualTo(1011);
  }
}
