package io.pushwire.server.transport;

import static io.pushwire.server.transport.WireCase.NOT_UTF8;
import static io.pushwire.server.transport.WireCase.bytes;
import static io.pushwire.server.transport.WireCase.first;
import static io.pushwire.server.transport.WireCase.fragments;
import static io.pushwire.server.transport.WireCase.last;
import static io.pushwire.server.transport.WireCase.next;
import static io.pushwire.server.transport.WireCase.ping;
import static io.pushwire.server.transport.WireCase.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Group 6: what is UTF-8 and what is not, cut anywhere. */
final class TextCases {
  private static final byte[] NONE = {};

  private TextCases() {}

  static Stream<WireCase> utf8() {
    String hello = "Hello-\u00b5@\u00df\u00f6\u00e4\u00fc\u00e0\u00e1-UTF-8!!";
    byte[] greek = Utf8Samples.GREEK;
    byte[] broken = Utf8Samples.bytes("ceba e1bdb9 cf83 cebc ceb5 eda080 656469746564");
    List<WireCase> cases =
        new ArrayList<>(
            List.of(
                WireCase.of("6.1.1", "empty text").sends(text("")).answersText(""),
                WireCase.of("6.1.2", "three empty fragments")
                    .sends(first(""), next(""), last(""))
                    .answersText(""),
                WireCase.of("6.1.3", "an empty, a full, an empty fragment")
                    .sends(first(""), next("middle"), last(""))
                    .answersText("middle"),
                WireCase.of("6.2.1", "text in one frame").sends(text(hello)).answersText(hello),
                WireCase.of("6.2.2", "text cut between characters")
                    .sends(first("Hello-\u00b5@\u00df\u00f6\u00e4"), last("\u00fc\u00e0\u00e1"))
                    .answersText("Hello-\u00b5@\u00df\u00f6\u00e4\u00fc\u00e0\u00e1"),
                WireCase.of("6.2.3", "text in fragments of one byte")
                    .sends(fragments(RawClient.TEXT, bytes(hello), 1))
                    .answersText(hello),
                WireCase.of("6.2.4", "Greek text in fragments of one byte")
                    .sends(fragments(RawClient.TEXT, greek, 1))
                    .answersText(greek),
                WireCase.of("6.3.1", "a surrogate in one frame")
                    .sends(text(broken))
                    .closesWith(NOT_UTF8),
                WireCase.of("6.3.2", "a surrogate in fragments of one byte")
                    .sends(fragments(RawClient.TEXT, broken, 1))
                    .closesWith(NOT_UTF8)));
    Utf8Samples.VALID.forEach(
        (number, samples) -> {
          for (int i = 0; i < samples.size(); i++) {
            byte[] sample = samples.get(i);
            String name = Utf8Samples.hex(sample);
            cases.add(WireCase.of(number + "." + i, name).sends(text(sample)).answersText(sample));
            cases.add(
                WireCase.of(number + "." + i, name + " in fragments of one byte")
                    .sends(fragments(RawClient.TEXT, sample, 1))
                    .answersText(sample));
          }
        });
    Utf8Samples.INVALID.forEach(
        (number, samples) -> {
          for (int i = 0; i < samples.size(); i++) {
            byte[] sample = samples.get(i);
            String name = "not UTF-8: " + Utf8Samples.hex(sample);
            cases.add(WireCase.of(number + "." + i, name).sends(text(sample)).closesWith(NOT_UTF8));
            cases.add(
                WireCase.of(number + "." + i, name + ", in fragments of one byte")
                    .sends(fragments(RawClient.TEXT, sample, 1))
                    .closesWith(NOT_UTF8));
          }
        });
    return cases.stream();
  }

  /** The rest is never sent: the server must not wait for it. */
  static Stream<WireCase> utf8FailFast() {
    byte[] greek = Utf8Samples.GREEK;
    byte[] tooHigh = Utf8Samples.bytes("f4908080");
    byte[] frame = text(Utf8Samples.join(greek, tooHigh, bytes("edited")));
    int header = frame.length - greek.length - tooHigh.length - 6;
    byte[] begun = Utf8Samples.join(greek, Utf8Samples.bytes("f4"));
    return Stream.of(
        WireCase.of("6.4.1", "the second of three frames makes it wrong")
            .sendsEach(first(RawClient.TEXT, greek), ping(NONE), next(tooHigh))
            .answersPong(NONE)
            .closesWith(NOT_UTF8),
        WireCase.of("6.4.2", "one byte in the second of three frames makes it wrong")
            .sendsEach(first(RawClient.TEXT, begun), ping(NONE), next(Utf8Samples.bytes("90")))
            .answersPong(NONE)
            .closesWith(NOT_UTF8),
        WireCase.of("6.4.3", "the second piece of a frame makes it wrong")
            .sendsEach(
                Arrays.copyOf(frame, header + greek.length),
                Arrays.copyOfRange(frame, header + greek.length, header + greek.length + 4))
            .closesWith(NOT_UTF8)
            .onlyThenSends(Arrays.copyOfRange(frame, header + greek.length + 4, frame.length)),
        WireCase.of("6.4.4", "one byte in the second piece of a frame makes it wrong")
            .sendsEach(
                Arrays.copyOf(frame, header + greek.length + 1),
                Arrays.copyOfRange(frame, header + greek.length + 1, header + greek.length + 2))
            .closesWith(NOT_UTF8)
            .onlyThenSends(Arrays.copyOfRange(frame, header + greek.length + 2, frame.length)));
  }
}
