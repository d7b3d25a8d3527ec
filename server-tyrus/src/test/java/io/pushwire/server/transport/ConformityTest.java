package io.pushwire.server.transport;

import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * RFC 6455, case by case, in the groups and with the numbers of the Autobahn test suite
 * (https://github.com/crossbario/autobahn-testsuite), so that its reports can be compared. {@code
 * x} marks what Autobahn does not ask. Group 8 does not exist, 11 to 13 are about compression,
 * which is not offered.
 */
@ParameterizedClass
@EnumSource(IoKind.class)
class ConformityTest {
  @Parameter IoKind io;

  private static final int LARGEST = 16 << 20;

  private static TestServer server;

  @BeforeParameterizedClassInvocation
  static void start(IoKind io) {
    server = new TestServer(io, config -> config.maxMessage(LARGEST), registry -> registry);
    server.echoes = true;
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @MethodSource({
    "io.pushwire.server.transport.FrameCases#framing",
    "io.pushwire.server.transport.FrameCases#pings",
    "io.pushwire.server.transport.FrameCases#reservedBits",
    "io.pushwire.server.transport.FrameCases#opcodes",
    "io.pushwire.server.transport.FragmentCases#fragmentation"
  })
  void frames(WireCase wire) throws Exception {
    wire.run(server.port);
  }

  @ParameterizedTest
  @MethodSource({
    "io.pushwire.server.transport.TextCases#utf8",
    "io.pushwire.server.transport.TextCases#utf8FailFast"
  })
  void text(WireCase wire) throws Exception {
    wire.run(server.port);
  }

  @ParameterizedTest
  @MethodSource("io.pushwire.server.transport.CloseCases#closing")
  void closing(WireCase wire) throws Exception {
    wire.run(server.port);
  }

  @ParameterizedTest
  @MethodSource({
    "io.pushwire.server.transport.SizeCases#sizes",
    "io.pushwire.server.transport.SizeCases#masking"
  })
  void sizes(WireCase wire) throws Exception {
    wire.run(server.port);
  }
}
