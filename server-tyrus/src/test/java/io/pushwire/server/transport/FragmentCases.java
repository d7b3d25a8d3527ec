package io.pushwire.server.transport;

import static io.pushwire.server.transport.WireCase.PROTOCOL_ERROR;
import static io.pushwire.server.transport.WireCase.bytes;
import static io.pushwire.server.transport.WireCase.close;
import static io.pushwire.server.transport.WireCase.first;
import static io.pushwire.server.transport.WireCase.last;
import static io.pushwire.server.transport.WireCase.next;
import static io.pushwire.server.transport.WireCase.ping;
import static io.pushwire.server.transport.WireCase.text;

import java.util.stream.Stream;

/** Group 5: fragments, and control frames between them. */
final class FragmentCases {
  private static final String HELLO = "Hello, world!";

  private FragmentCases() {}

  static Stream<WireCase> fragmentation() {
    byte[] ping = ping(bytes("p"));
    byte[][] two = {first("fragment1"), last("fragment2")};
    byte[][] pinged = {first("fragment1"), ping, last("fragment2")};
    byte[][] nothingToContinue = {last("continued"), text(HELLO)};
    byte[][] nothingToContinueOn = {next("continued"), text(HELLO)};
    byte[][] five = {
      first("fragment1"),
      next("fragment2"),
      ping,
      next("fragment3"),
      next("fragment4"),
      ping,
      last("fragment5")
    };
    String whole = "fragment1fragment2";
    String wholeFive = "fragment1fragment2fragment3fragment4fragment5";
    byte[] p = bytes("p");
    return Stream.of(
        WireCase.of("5.1", "ping in fragments")
            .sends(first(RawClient.PING, bytes("a")), last("b"))
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("5.2", "pong in fragments")
            .sends(first(RawClient.PONG, bytes("a")), last("b"))
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("5.3", "text in two fragments").sends(two).answersText(whole),
        WireCase.of("5.4", "… each for itself").sendsEach(two).answersText(whole),
        WireCase.of("5.5", "… byte by byte").sendsChopped(1, two).answersText(whole),
        WireCase.of("5.6", "a ping between fragments")
            .sends(pinged)
            .answersPong(p)
            .answersText(whole),
        WireCase.of("5.7", "… each for itself").sendsEach(pinged).answersPong(p).answersText(whole),
        WireCase.of("5.8", "… byte by byte")
            .sendsChopped(1, pinged)
            .answersPong(p)
            .answersText(whole),
        WireCase.of("5.9", "nothing to continue, FIN")
            .sends(nothingToContinue)
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("5.10", "… each for itself")
            .sendsEach(nothingToContinue)
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("5.11", "… byte by byte")
            .sendsChopped(1, nothingToContinue)
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("5.12", "nothing to continue, no FIN")
            .sends(nothingToContinueOn)
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("5.13", "… each for itself")
            .sendsEach(nothingToContinueOn)
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("5.14", "… byte by byte")
            .sendsChopped(1, nothingToContinueOn)
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("5.15", "two fragments, then nothing to continue, then text")
            .sends(first("fragment1"), last("fragment2"), next("fragment3"), text("fragment4"))
            .answersText(whole)
            .unlessTheCloseComesFirst()
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("5.16", "nothing to continue, no FIN, before text in two fragments")
            .sends(next("fragment1"), first("fragment2"), last("fragment3"))
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("5.17", "nothing to continue, FIN, before text in two fragments")
            .sends(last("fragment1"), first("fragment2"), last("fragment3"))
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("5.18", "a new message before the last fragment")
            .sends(first("fragment1"), text("fragment2"))
            .closesWith(PROTOCOL_ERROR),
        WireCase.of("5.19", "five fragments, pings between")
            .sends(five)
            .answersPong(p)
            .answersPong(p)
            .answersText(wholeFive),
        WireCase.of("5.20", "… each for itself")
            .sendsEach(five)
            .answersPong(p)
            .answersPong(p)
            .answersText(wholeFive),
        WireCase.of("5.x", "close between fragments")
            .sends(first("a"), close(1000, ""), last("b"))
            .closesWith(1000));
  }
}
