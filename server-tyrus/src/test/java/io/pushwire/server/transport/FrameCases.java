package io.pushwire.server.transport;

import static io.pushwire.server.transport.WireCase.PROTOCOL_ERROR;
import static io.pushwire.server.transport.WireCase.binary;
import static io.pushwire.server.transport.WireCase.bytes;
import static io.pushwire.server.transport.WireCase.closeFrame;
import static io.pushwire.server.transport.WireCase.first;
import static io.pushwire.server.transport.WireCase.last;
import static io.pushwire.server.transport.WireCase.ping;
import static io.pushwire.server.transport.WireCase.pong;
import static io.pushwire.server.transport.WireCase.reserved;
import static io.pushwire.server.transport.WireCase.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Groups 1 to 4: sizes, pings, reserved bits and opcodes. */
final class FrameCases {
  private static final String HELLO = "Hello, world!";
  private static final byte[] NONE = {};
  private static final byte[] BINARY = {0, -1, -2, -3, -4, -5, 0, -1};

  private FrameCases() {}

  static Stream<WireCase> framing() {
    List<WireCase> cases = new ArrayList<>();
    int[] lengths = {0, 125, 126, 127, 128, 65_535, 65_536};
    for (int i = 0; i < lengths.length; i++) {
      byte[] text = bytes("*".repeat(lengths[i]));
      byte[] binary = new byte[lengths[i]];
      Arrays.fill(binary, (byte) 0xFE);
      String title = " of " + lengths[i] + " bytes";
      cases.add(WireCase.of("1.1." + (i + 1), "text" + title).sends(text(text)).answersText(text));
      cases.add(
          WireCase.of("1.2." + (i + 1), "binary" + title)
              .sends(binary(binary))
              .answersBinary(binary));
    }
    byte[] large = bytes("*".repeat(65_536));
    cases.add(
        WireCase.of("1.1.8", "text of 65536 bytes in pieces of 997")
            .sendsChopped(997, text(large))
            .answersText(large));
    cases.add(
        WireCase.of("1.2.8", "binary of 65536 bytes in pieces of 997")
            .sendsChopped(997, binary(large))
            .answersBinary(large));
    return cases.stream();
  }

  static Stream<WireCase> pings() {
    byte[] most = new byte[125];
    Arrays.fill(most, (byte) 0xFE);
    byte[][] ten =
        IntStream.range(0, 10).mapToObj(i -> ping(bytes("payload-" + i))).toArray(byte[][]::new);
    WireCase tenAtOnce = WireCase.of("2.10", "ten pings").sends(ten);
    WireCase tenChopped = WireCase.of("2.11", "ten pings byte by byte").sendsChopped(1, ten);
    for (int i = 0; i < ten.length; i++) {
      tenAtOnce.answersPong(bytes("payload-" + i));
      tenChopped.answersPong(bytes("payload-" + i));
    }
    return Stream.of(
        WireCase.of("2.1", "ping without payload").sends(ping(NONE)).answersPong(NONE),
        WireCase.of("2.2", "ping with text").sends(ping(bytes(HELLO))).answersPong(bytes(HELLO)),
        WireCase.of("2.3", "ping with bytes").sends(ping(BINARY)).answersPong(BINARY),
        WireCase.of("2.4", "ping of 125 bytes").sends(ping(most)).answersPong(most),
        WireCase.of("2.5", "ping of 126 bytes")
            .sends(ping(new byte[126]))
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("2.6", "ping of 125 bytes byte by byte")
            .sendsChopped(1, ping(most))
            .answersPong(most),
        WireCase.of("2.7", "pong nobody asked for, without payload").sends(pong(NONE)),
        WireCase.of("2.8", "pong nobody asked for").sends(pong(bytes(HELLO))),
        WireCase.of("2.9", "pong nobody asked for, then ping")
            .sends(pong(bytes(HELLO)), ping(bytes("p")))
            .answersPong(bytes("p")),
        tenAtOnce,
        tenChopped,
        WireCase.of("2.x", "pong of 126 bytes")
            .sends(pong(new byte[126]))
            .closesWith(PROTOCOL_ERROR));
  }

  static Stream<WireCase> reservedBits() {
    return Stream.of(
        WireCase.of("3.1", "RSV 1 on text")
            .sends(reserved(1, text(HELLO)))
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("3.2", "text, RSV 2 on text, ping")
            .sends(text(HELLO), reserved(2, text(HELLO)), ping(NONE))
            .answersText(HELLO)
            .unlessTheCloseComesFirst()
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("3.3", "text, RSV 3 on text, ping, each for itself")
            .sendsEach(text(HELLO), reserved(3, text(HELLO)), ping(NONE))
            .answersText(HELLO)
            .unlessTheCloseComesFirst()
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("3.4", "text, RSV 4 on text, ping, byte by byte")
            .sendsChopped(1, text(HELLO), reserved(4, text(HELLO)), ping(NONE))
            .answersText(HELLO)
            .unlessTheCloseComesFirst()
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("3.5", "RSV 5 on binary")
            .sends(reserved(5, binary(BINARY)))
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("3.6", "RSV 6 on ping")
            .sends(reserved(6, ping(bytes(HELLO))))
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("3.7", "RSV 7 on close")
            .sends(reserved(7, closeFrame(NONE)))
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("3.x", "RSV 4 on a fragment")
            .sends(first("a"), reserved(4, last("b")))
            .closesWith(PROTOCOL_ERROR));
  }

  static Stream<WireCase> opcodes() {
    List<WireCase> cases = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      cases.add(reservedOpcode("4.1." + i, 2 + i, i));
      cases.add(reservedOpcode("4.2." + i, 10 + i, i));
    }
    return cases.stream();
  }

  /** 1 alone, 2 with payload, 3 after text, 4 with payload after text, 5 that byte by byte. */
  private static WireCase reservedOpcode(String number, int opcode, int variant) {
    byte[] payload = variant % 2 == 0 || variant == 5 ? bytes(HELLO) : NONE;
    byte[] frame = RawClient.frame(true, opcode, true, payload);
    WireCase wire = WireCase.of(number, "opcode " + opcode + " with " + payload.length + " bytes");
    if (variant < 3) {
      return wire.sends(frame).closesWith(PROTOCOL_ERROR);
    }
    byte[][] all = {text(HELLO), frame, ping(NONE)};
    return (variant == 5 ? wire.sendsChopped(1, all) : wire.sends(all))
        .answersText(HELLO)
        .unlessTheCloseComesFirst()
        .closesWith(PROTOCOL_ERROR);
  }
}
