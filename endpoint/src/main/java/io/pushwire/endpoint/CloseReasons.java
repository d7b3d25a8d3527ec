package io.pushwire.endpoint;

import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a close frame can hold.
 *
 * @since 0.1
 */
public final class CloseReasons {
  private static final Logger log = LoggerFactory.getLogger(CloseReasons.class);
  private static final int MAX_BYTES = 123;

  /**
   * Containers tell these of a connection; in a frame they would be a mistake (RFC 6455, 7.4.1).
   */
  private static final Set<CloseReason.CloseCode> NOT_SENT =
      Set.of(
          CloseCodes.RESERVED,
          CloseCodes.NO_STATUS_CODE,
          CloseCodes.CLOSED_ABNORMALLY,
          CloseCodes.TLS_HANDSHAKE_FAILURE);

  private CloseReasons() {}

  /** Closes a session whatever its state; blocks as long as the container does. */
  static void close(Session session, CloseReason reason) {
    try {
      if (session.isOpen()) {
        session.close(reason);
      }
    } catch (IOException | RuntimeException e) {
      log.debug("Session {} could not be closed: {}", session.getId(), reason, e);
    }
  }

  /**
   * Makes a close reason.
   *
   * @param code the code
   * @param reason cut at a character, if it does not fit into a close frame
   * @return both
   * @throws IllegalArgumentException for a code that no close frame can have
   */
  public static CloseReason of(int code, String reason) {
    CloseReason.CloseCode known = CloseCodes.getCloseCode(code);
    if (NOT_SENT.contains(known)) {
      throw new IllegalArgumentException("Invalid code: [" + code + "]");
    }
    return new CloseReason(known, cut(reason));
  }

  /** The reason, cut at a character so that it fits into a close frame. */
  static String cut(String reason) {
    int bytes = 0;
    for (int i = 0; i < reason.length(); ) {
      int character = reason.codePointAt(i);
      bytes += Character.toString(character).getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_BYTES) {
        return reason.substring(0, i);
      }
      i += Character.charCount(character);
    }
    return reason;
  }
}
