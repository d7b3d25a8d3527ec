package io.pushwire.server.transport;

import io.netty.buffer.ByteBuf;
import io.pushwire.endpoint.CloseReasons;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import org.jspecify.annotations.Nullable;

/**
 * Judges one client's frames by RFC 6455 and the limits: the header as soon as it is there, text
 * byte by byte, so that neither a wrong frame nor a wrong text is waited for to its end.
 */
final class FrameCheck {
  /** The most fragments of a message of up to 256 KiB: each costs an object, even an empty one. */
  static final int MAX_FRAGMENTS = 4096;

  /** Above that, one for so many bytes of the largest message. */
  private static final int LEAST_FRAGMENT = 64;

  private final int maxMessage;
  private final int maxFragments;
  private int size; // of the message so far
  private int fragments;
  private @Nullable Utf8 text; // of the text message that is coming
  private int seen; // bytes of the payload that is coming

  FrameCheck(int maxMessage) {
    this.maxMessage = maxMessage;
    this.maxFragments = Math.max(MAX_FRAGMENTS, maxMessage / LEAST_FRAGMENT);
  }

  /**
   * Judges what there is of the next frame; again when there is more of it.
   *
   * @param in begins with the frame; not read from
   * @return why the connection must close; null: it need not
   */
  @Nullable CloseReason look(FrameHeader header, ByteBuf in) {
    String mistake = header.mistake();
    if (mistake == null && !header.isControl()) {
      boolean goesOn = header.opcode() == FrameHeader.CONTINUATION;
      if (goesOn != (fragments > 0)) {
        mistake = goesOn ? "there is nothing to continue" : "the message before has not ended";
      }
    }
    if (mistake != null) {
      return CloseReasons.of(CloseCodes.PROTOCOL_ERROR.getCode(), mistake);
    }
    if (header.isControl()) {
      return null;
    }
    if (header.payload() < 0 || header.payload() > maxMessage - size) {
      return tooBig("bytes", maxMessage);
    }
    if (fragments >= maxFragments) {
      return tooBig("fragments", maxFragments);
    }
    return isText(header, in)
        ? null
        : CloseReasons.of(CloseCodes.NOT_CONSISTENT.getCode(), "the text is not UTF-8");
  }

  private static CloseReason tooBig(String what, int most) {
    return CloseReasons.of(
        CloseCodes.TOO_BIG.getCode(), "a message has at most " + most + " " + what);
  }

  /** Whether it is none, or UTF-8 so far. */
  private boolean isText(FrameHeader header, ByteBuf in) {
    if (header.opcode() == FrameHeader.TEXT && text == null) {
      text = new Utf8();
    }
    Utf8 utf8 = text;
    int there = in.readableBytes() - header.length();
    if (utf8 == null || there < 0) {
      return true;
    }
    int start = in.readerIndex() + header.length();
    int key = in.getInt(start - 4);
    int end = (int) Math.min(header.payload(), there);
    for (; seen < end; seen++) {
      if (!utf8.accepts((in.getByte(start + seen) ^ (key >>> (24 - 8 * (seen & 3)))) & 0xFF)) {
        return false;
      }
    }
    return seen < header.payload() || !header.isFinal() || utf8.isWhole();
  }

  /** The whole frame was there and right. */
  void passed(FrameHeader header) {
    if (header.isControl()) {
      return;
    }
    seen = 0;
    size += (int) header.payload();
    fragments++;
    if (header.isFinal()) {
      size = 0;
      fragments = 0;
      text = null;
    }
  }
}
