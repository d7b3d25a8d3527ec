package io.pushwire.server.transport;

/**
 * Checks a text as it comes, in pieces of any size: wrong at the first byte after which no text can
 * be UTF-8 any more (RFC 3629, section 4).
 */
final class Utf8 {
  private static final int LEAST = 0x80;
  private static final int MOST = 0xBF;

  private int missing; // bytes of the character that has begun
  private int least; // what the next of them may be
  private int most;

  /**
   * @param b the next byte, from 0 to 255
   * @return whether the text can still be UTF-8
   */
  boolean accepts(int b) {
    if (missing > 0) {
      missing--;
      boolean right = b >= least && b <= most;
      least = LEAST;
      most = MOST;
      return right;
    }
    if (b < 0x80) {
      return true;
    }
    missing = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
    // neither longer than need be, nor a surrogate, nor above U+10FFFF
    least = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : LEAST;
    most = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : MOST;
    return b >= 0xC2 && b <= 0xF4;
  }

  /** Whether the text may end here. */
  boolean isWhole() {
    return missing == 0;
  }
}
