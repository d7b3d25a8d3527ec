package io.pushwire.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.server.transport.RawClient.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a client sends, byte for byte, and what must come back from an endpoint that sends every
 * message back. Immutable once it is made.
 */
final class WireCase {
  static final int PROTOCOL_ERROR = 1002;
  static final int NOT_UTF8 = 1007;
  private static final int NORMAL = 1000;

  private final String name;
  private final List<byte[]> writes = new ArrayList<>();
  private final List<Frame> answers = new ArrayList<>();
  private boolean answersMayBeLost;
  private List<Integer> closeCodes = List.of();
  private byte[] rest = {};

  private WireCase(String name) {
    this.name = name;
  }

  static WireCase of(String number, String title) {
    return new WireCase(number + " " + title);
  }

  /** Sends these frames in one piece. */
  WireCase sends(byte[]... frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(frames).forEach(all::writeBytes);
    writes.add(all.toByteArray());
    return this;
  }

  /** Sends each frame for itself. */
  WireCase sendsEach(byte[]... frames) {
    writes.addAll(List.of(frames));
    return this;
  }

  /** Sends these frames in pieces of so many bytes. */
  WireCase sendsChopped(int size, byte[]... frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(frames).forEach(all::writeBytes);
    byte[] bytes = all.toByteArray();
    for (int i = 0; i < bytes.length; i += size) {
      writes.add(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + size)));
    }
    return this;
  }

  WireCase answersText(byte[] payload) {
    return answers(RawClient.TEXT, payload);
  }

  WireCase answersText(String text) {
    return answersText(bytes(text));
  }

  WireCase answersBinary(byte[] payload) {
    return answers(RawClient.BINARY, payload);
  }

  WireCase answersPong(byte[] payload) {
    return answers(RawClient.PONG, payload);
  }

  private WireCase answers(int opcode, byte[] payload) {
    answers.add(new Frame(true, opcode, payload));
    return this;
  }

  /** The close may overtake what the application says: it has threads of its own. */
  WireCase unlessTheCloseComesFirst() {
    answersMayBeLost = true;
    return this;
  }

  /** These bytes come when the server has closed already, so that the client can close as well. */
  WireCase onlyThenSends(byte[] bytes) {
    rest = bytes;
    return this;
  }

  /** The server closes, with one of these codes. Otherwise the client does. */
  WireCase closesWith(Integer... codes) {
    closeCodes = List.of(codes);
    return this;
  }

  void run(int port) throws IOException {
    try (RawClient client = RawClient.open(port, "/ws")) {
      write(client);
      Frame next = client.readFrame();
      for (Frame expected : answers) {
        if (answersMayBeLost && next.opcode() == RawClient.CLOSE) {
          break;
        }
        assertThat(next.fin()).isTrue();
        assertThat(next.opcode()).isEqualTo(expected.opcode());
        assertThat(next.payload()).isEqualTo(expected.payload());
        next = nextAfter(client, expected);
      }
      assertThat(next.opcode()).as("what else comes").isEqualTo(RawClient.CLOSE);
      assertThat(next.closeCode()).isIn(closeCodes.isEmpty() ? List.of(NORMAL) : closeCodes);
      answer(client, next);
      assertThat(client.readsEnd()).isTrue();
    }
  }

  private void answer(RawClient client, Frame close) {
    try {
      client.send(rest);
      client.send(closeFrame(close.payload()));
    } catch (IOException closed) {
      // the server did not need it: the client had closed before
    }
  }

  /** If all came that should, a client that is not closed by the server closes. */
  private Frame nextAfter(RawClient client, Frame expected) throws IOException {
    boolean all = expected == answers.get(answers.size() - 1);
    if (all && closeCodes.isEmpty()) {
      client.send(close(NORMAL, ""));
    }
    return client.readFrame();
  }

  private void write(RawClient client) throws IOException {
    try {
      for (byte[] write : writes) {
        client.send(write);
      }
      if (answers.isEmpty() && closeCodes.isEmpty()) {
        client.send(close(NORMAL, ""));
      }
    } catch (IOException closed) {
      // the server need not wait for the rest
      assertThat(closeCodes).as("why it closes: %s", closed).isNotEmpty();
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] text(String text) {
    return text(bytes(text));
  }

  static byte[] text(byte[] payload) {
    return RawClient.frame(true, RawClient.TEXT, true, payload);
  }

  static byte[] binary(byte[] payload) {
    return RawClient.frame(true, RawClient.BINARY, true, payload);
  }

  static byte[] ping(byte[] payload) {
    return RawClient.frame(true, RawClient.PING, true, payload);
  }

  static byte[] pong(byte[] payload) {
    return RawClient.frame(true, RawClient.PONG, true, payload);
  }

  /** A message's first fragment. */
  static byte[] first(int opcode, byte[] payload) {
    return RawClient.frame(false, opcode, true, payload);
  }

  static byte[] next(byte[] payload) {
    return RawClient.frame(false, 0, true, payload);
  }

  static byte[] last(byte[] payload) {
    return RawClient.frame(true, 0, true, payload);
  }

  static byte[] first(String text) {
    return first(RawClient.TEXT, bytes(text));
  }

  static byte[] next(String text) {
    return next(bytes(text));
  }

  static byte[] last(String text) {
    return last(bytes(text));
  }

  /** A message of either kind in fragments of a size. */
  static byte[][] fragments(int opcode, byte[] payload, int size) {
    int count = Math.max(1, (payload.length + size - 1) / size);
    byte[][] frames = new byte[count][];
    for (int i = 0; i < count; i++) {
      byte[] part = Arrays.copyOfRange(payload, i * size, Math.min(payload.length, (i + 1) * size));
      frames[i] = RawClient.frame(i == count - 1, i == 0 ? opcode : 0, true, part);
    }
    return frames;
  }

  static byte[] close(int code, String reason) {
    return close(code, bytes(reason));
  }

  static byte[] close(int code, byte[] reason) {
    byte[] payload = new byte[2 + reason.length];
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    System.arraycopy(reason, 0, payload, 2, reason.length);
    return closeFrame(payload);
  }

  static byte[] closeFrame(byte[] payload) {
    return RawClient.frame(true, RawClient.CLOSE, true, payload);
  }

  /** Sets reserved bits. */
  static byte[] reserved(int bits, byte[] frame) {
    byte[] changed = frame.clone();
    changed[0] |= (byte) (bits << 4);
    return changed;
  }

  @Override
  public String toString() {
    return name;
  }
}
