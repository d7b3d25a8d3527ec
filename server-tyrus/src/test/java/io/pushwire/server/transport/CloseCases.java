package io.pushwire.server.transport;

import static io.pushwire.server.transport.WireCase.NOT_UTF8;
import static io.pushwire.server.transport.WireCase.PROTOCOL_ERROR;
import static io.pushwire.server.transport.WireCase.bytes;
import static io.pushwire.server.transport.WireCase.close;
import static io.pushwire.server.transport.WireCase.closeFrame;
import static io.pushwire.server.transport.WireCase.first;
import static io.pushwire.server.transport.WireCase.last;
import static io.pushwire.server.transport.WireCase.ping;
import static io.pushwire.server.transport.WireCase.text;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Group 7: the end of a connection. */
final class CloseCases {
  private static final String HELLO = "Hello, world!";
  private static final byte[] NONE = {};

  private CloseCases() {}

  static Stream<WireCase> closing() {
    String most = "*".repeat(123);
    byte[] large = bytes("BAsd7&jh23".repeat(26_215));
    List<WireCase> cases =
        new ArrayList<>(
            List.of(
                WireCase.of("7.1.1", "text, then close").sends(text(HELLO)).answersText(HELLO),
                WireCase.of("7.1.2", "close twice")
                    .sends(close(1000, ""), closeFrame(NONE))
                    .closesWith(1000),
                WireCase.of("7.1.3", "ping after close")
                    .sends(close(1000, ""), ping(NONE))
                    .closesWith(1000),
                WireCase.of("7.1.4", "text after close")
                    .sends(close(1000, ""), text(HELLO))
                    .closesWith(1000),
                WireCase.of("7.1.5", "a fragment, close, a fragment")
                    .sends(first("fragment1"), close(1000, ""), last("fragment2"))
                    .closesWith(1000),
                WireCase.of("7.1.6", "256 KiB, text, close, ping")
                    .sends(text(large), text(HELLO), close(1000, ""), ping(NONE))
                    .answersText(large)
                    .answersText(HELLO)
                    .unlessTheCloseComesFirst()
                    .closesWith(1000),
                WireCase.of("7.3.1", "close without payload")
                    .sends(closeFrame(NONE))
                    .closesWith(1000),
                WireCase.of("7.3.2", "close with one byte")
                    .sends(closeFrame(bytes("a")))
                    .closesWith(PROTOCOL_ERROR),
                WireCase.of("7.3.3", "close with a code").sends(close(1000, "")).closesWith(1000),
                WireCase.of("7.3.4", "close with a reason")
                    .sends(close(1000, "Hello World!"))
                    .closesWith(1000),
                WireCase.of("7.3.5", "close with a reason of 123 bytes")
                    .sends(close(1000, most))
                    .closesWith(1000),
                WireCase.of("7.3.6", "close with a reason of 124 bytes")
                    .sends(close(1000, most + "*"))
                    .closesWith(PROTOCOL_ERROR),
                WireCase.of("7.5.1", "close with a reason that is not UTF-8")
                    .sends(close(1000, Utf8Samples.bytes("ceba eda080 6564")))
                    .closesWith(NOT_UTF8)));
    int[] valid = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999};
    for (int i = 0; i < valid.length; i++) {
      cases.add(validCode("7.7." + (i + 1), valid[i]));
    }
    for (int code : new int[] {1012, 1013, 1014}) {
      cases.add(validCode("7.7.x", code));
    }
    int[] invalid = {0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999};
    for (int i = 0; i < invalid.length; i++) {
      cases.add(invalidCode("7.9." + (i + 1), invalid[i]));
    }
    cases.add(invalidCode("7.9.x", 1015));
    cases.add(invalidCode("7.13.1", 5000));
    cases.add(invalidCode("7.13.2", 65_535));
    return cases.stream();
  }

  private static WireCase validCode(String number, int code) {
    return WireCase.of(number, "close code " + code).sends(close(code, "")).closesWith(code);
  }

  private static WireCase invalidCode(String number, int code) {
    return WireCase.of(number, "close code " + code)
        .sends(close(code, ""))
        .closesWith(PROTOCOL_ERROR);
  }
}
