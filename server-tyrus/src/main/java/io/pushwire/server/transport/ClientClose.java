package io.pushwire.server.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.pushwire.endpoint.CloseReasons;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * What a client's close frame says. Tyrus would do, but that it takes 1012 to 1014, which the IANA
 * registry has, for mistakes.
 */
final class ClientClose {
  private ClientClose() {}

  /**
   * @param in holds the whole frame
   * @param start where it begins
   * @return what is answered: the same, or which mistake it is
   */
  static CloseReason answer(FrameHeader header, ByteBuf in, int start) {
    int at = start + header.length();
    byte[] payload = ByteBufUtil.getBytes(in, at, (int) header.payload());
    int key = in.getInt(at - 4);
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= (byte) (key >>> (24 - 8 * (i & 3)));
    }
    if (payload.length == 0) {
      return CloseReasons.of(CloseCodes.NORMAL_CLOSURE.getCode(), "");
    }
    int code = payload.length == 1 ? 0 : ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
    if (!isValid(code)) {
      return CloseReasons.of(CloseCodes.PROTOCOL_ERROR.getCode(), "no such close code");
    }
    try {
      ByteBuffer reason = ByteBuffer.wrap(payload, 2, payload.length - 2);
      return CloseReasons.of(code, StandardCharsets.UTF_8.newDecoder().decode(reason).toString());
    } catch (CharacterCodingException e) {
      return CloseReasons.of(CloseCodes.NOT_CONSISTENT.getCode(), "the reason is not UTF-8");
    }
  }

  /** RFC 6455, section 7.4, and the IANA registry of WebSocket close codes. */
  private static boolean isValid(int code) {
    return (code >= 1000 && code <= 1003)
        || (code >= 1007 && code <= 1014)
        || (code >= 3000 && code <= 4999);
  }
}
