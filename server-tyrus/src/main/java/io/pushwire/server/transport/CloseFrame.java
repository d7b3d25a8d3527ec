package io.pushwire.server.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import jakarta.websocket.CloseReason;
import java.nio.charset.StandardCharsets;

/** The last frame of a connection (RFC 6455, section 5.5.1). */
final class CloseFrame {
  private static final int FIRST_BYTE = 0x80 | FrameHeader.CLOSE;

  private CloseFrame() {}

  /** The caller releases it. */
  static Batch of(CloseReason why) {
    byte[] reason = why.getReasonPhrase().getBytes(StandardCharsets.UTF_8);
    ByteBuf frame = ByteBufAllocator.DEFAULT.directBuffer(4 + reason.length);
    frame.writeByte(FIRST_BYTE).writeByte(2 + reason.length);
    frame.writeShort(why.getCloseCode().getCode()).writeBytes(reason);
    return Batch.of(frame);
  }
}
