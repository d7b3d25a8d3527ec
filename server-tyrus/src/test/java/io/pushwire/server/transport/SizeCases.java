package io.pushwire.server.transport;

import static io.pushwire.server.transport.WireCase.PROTOCOL_ERROR;
import static io.pushwire.server.transport.WireCase.binary;
import static io.pushwire.server.transport.WireCase.bytes;
import static io.pushwire.server.transport.WireCase.fragments;
import static io.pushwire.server.transport.WireCase.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Groups 9 and 10: large messages, in fragments and pieces of all sizes. */
final class SizeCases {
  private static final boolean LONG = Boolean.getBoolean("pushwire.long");
  private static final int MIB = 1 << 20;

  private SizeCases() {}

  /** At full size with the long tests only. */
  static Stream<WireCase> sizes() {
    List<WireCase> cases = new ArrayList<>();
    int[] sizes = {64 << 10, 256 << 10, MIB, 4 * MIB, 8 * MIB, 16 * MIB};
    for (int i = 0; i < (LONG ? sizes.length : 3); i++) {
      byte[] payload = bytes("*".repeat(sizes[i]));
      String title = " of " + (sizes[i] >> 10) + " KiB";
      cases.add(
          WireCase.of("9.1." + (i + 1), "text" + title).sends(text(payload)).answersText(payload));
      cases.add(
          WireCase.of("9.2." + (i + 1), "binary" + title)
              .sends(binary(payload))
              .answersBinary(payload));
    }
    byte[] whole = bytes("*".repeat(LONG ? 4 * MIB : MIB));
    int[] fragments = {64, 256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, MIB, 4 * MIB};
    for (int i = 0; i < (LONG ? fragments.length : 7); i++) {
      String title = " in fragments of " + fragments[i] + " bytes";
      cases.add(
          WireCase.of("9.3." + (i + 1), "text" + title)
              .sends(fragments(RawClient.TEXT, whole, fragments[i]))
              .answersText(whole));
      cases.add(
          WireCase.of("9.4." + (i + 1), "binary" + title)
              .sends(fragments(RawClient.BINARY, whole, fragments[i]))
              .answersBinary(whole));
    }
    byte[] chopped = bytes("BAsd7&jh23".repeat(LONG ? 104_857 : 10_485));
    int[] pieces = {64, 128, 256, 512, 1024, 2048};
    for (int i = 0; i < pieces.length; i++) {
      String title = " in pieces of " + pieces[i] + " bytes";
      cases.add(
          WireCase.of("9.5." + (i + 1), "text" + title)
              .sendsChopped(pieces[i], text(chopped))
              .answersText(chopped));
      cases.add(
          WireCase.of("9.6." + (i + 1), "binary" + title)
              .sendsChopped(pieces[i], binary(chopped))
              .answersBinary(chopped));
    }
    int[] lengths = {0, 16, 64, 256, 1024, 4096};
    for (int i = 0; i < lengths.length; i++) {
      cases.add(many("9.7." + (i + 1), RawClient.TEXT, lengths[i]));
      cases.add(many("9.8." + (i + 1), RawClient.BINARY, lengths[i]));
    }
    byte[] autoFragmented = bytes("*".repeat(65_536));
    cases.add(
        WireCase.of("10.1.1", "text of 65536 bytes in fragments of 1300")
            .sends(fragments(RawClient.TEXT, autoFragmented, 1300))
            .answersText(autoFragmented));
    return cases.stream();
  }

  private static WireCase many(String number, int opcode, int length) {
    int count = LONG ? 1000 : 100;
    byte[] payload = bytes("*".repeat(length));
    byte[][] frames = new byte[count][];
    Arrays.fill(frames, RawClient.frame(true, opcode, true, payload));
    String title = count + (opcode == RawClient.TEXT ? " texts" : " binaries");
    WireCase wire = WireCase.of(number, title + " of " + length + " bytes").sends(frames);
    for (int i = 0; i < count; i++) {
      wire = opcode == RawClient.TEXT ? wire.answersText(payload) : wire.answersBinary(payload);
    }
    return wire;
  }

  static Stream<WireCase> masking() {
    return Stream.of(
        unmasked(RawClient.TEXT),
        unmasked(RawClient.BINARY),
        unmasked(RawClient.PING),
        unmasked(RawClient.PONG),
        unmasked(RawClient.CLOSE));
  }

  private static WireCase unmasked(int opcode) {
    return WireCase.of("x", "opcode " + opcode + " unmasked")
        .sends(RawClient.frame(true, opcode, false, new byte[] {3, (byte) 0xE8}))
        .closesWith(PROTOCOL_ERROR);
  }
}
