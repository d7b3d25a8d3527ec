package io.pushwire.server.transport;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a client's frame (RFC 6455, section 5.2).
 *
 * @param first FIN, the reserved bits and the opcode
 * @param masked whether the payload is masked, as it must be
 * @param length of the header itself
 * @param payload its length; negative: longer than a long holds
 */
record FrameHeader(byte first, boolean masked, int length, long payload) {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int CLOSE = 8;
  static final int PONG = 10;

  private static final int BINARY = 2;
  private static final int RESERVED_BITS = 0x70;
  private static final int MAX_CONTROL = 125;

  /**
   * @param in not read from
   * @return null if there are not enough bytes yet
   */
  static @Nullable FrameHeader read(ByteBuf in) {
    int at = in.readerIndex();
    int there = in.readableBytes();
    if (there < 2) {
      return null;
    }
    byte second = in.getByte(at + 1);
    int small = second & 0x7F;
    int extended = small < 126 ? 0 : small == 126 ? 2 : 8;
    if (there < 2 + extended) {
      return null;
    }
    long payload =
        switch (extended) {
          case 0 -> small;
          case 2 -> in.getUnsignedShort(at + 2);
          default -> in.getLong(at + 2);
        };
    boolean masked = second < 0;
    return new FrameHeader(in.getByte(at), masked, 2 + extended + (masked ? 4 : 0), payload);
  }

  /** What is wrong with it, whatever came before; null: nothing. */
  @Nullable String mistake() {
    if (!masked) {
      return "client frames must be masked";
    }
    if ((first & RESERVED_BITS) != 0) {
      return "no extension gives the reserved bits a meaning";
    }
    if (isControl()) {
      return opcode() > PONG
          ? "the opcode is reserved"
          : !isFinal()
              ? "a control frame must not be fragmented"
              : payload > MAX_CONTROL ? "the control frame is too long" : null;
    }
    return opcode() > BINARY ? "the opcode is reserved" : null;
  }

  /** Of header and payload. */
  long size() {
    return payload < 0 ? Long.MAX_VALUE : length + payload;
  }

  int opcode() {
    return first & 0x0F;
  }

  boolean isFinal() {
    return first < 0;
  }

  boolean isControl() {
    return (first & 0x08) != 0;
  }
}
