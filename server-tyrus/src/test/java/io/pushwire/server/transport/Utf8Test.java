package io.pushwire.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The JDK's decoder is the measure. */
class Utf8Test {
  /** With these at its end, any beginning of a character becomes one. */
  private static final int[] CONTINUATIONS = {0x80, 0x90, 0xA0, 0xBF};

  private static boolean isWhole(byte... bytes) {
    CharBuffer text = CharBuffer.allocate(bytes.length);
    return !StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(bytes), text, true)
        .isError();
  }

  private static boolean canBecomeWhole(byte... bytes) {
    if (isWhole(bytes)) {
      return true;
    }
    for (int next : CONTINUATIONS) {
      byte[] more = Arrays.copyOf(bytes, bytes.length + 1);
      more[bytes.length] = (byte) next;
      if (isWhole(more) || (more.length < 4 && canBecomeWhole(more))) {
        return true;
      }
    }
    return false;
  }

  /** At which byte it is found wrong; -1: nowhere. */
  private static int firstRefused(Utf8 utf8, byte... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (!utf8.accepts(bytes[i] & 0xFF)) {
        return i;
      }
    }
    return -1;
  }

  @Test
  void everyPairIsRefusedAtTheFirstByteThatCannotBe() {
    for (int a = 0x80; a < 256; a++) {
      boolean alone = canBecomeWhole((byte) a);
      for (int b = 0; b < 256 && (alone || b == 0); b++) {
        byte[] pair = {(byte) a, (byte) b};
        int expected = !alone ? 0 : canBecomeWhole(pair) ? -1 : 1;
        int found = firstRefused(new Utf8(), pair);
        if (found != expected) {
          assertThat(found).as("%02x %02x", a, b).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void everyCharacterIsTakenAndWholeAtItsEndOnly() {
    for (int character = 0; character <= Character.MAX_CODE_POINT; character++) {
      if (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
        continue;
      }
      byte[] bytes = Character.toString(character).getBytes(StandardCharsets.UTF_8);
      Utf8 utf8 = new Utf8();
      for (int i = 0; i < bytes.length; i++) {
        boolean right = utf8.accepts(bytes[i] & 0xFF) && utf8.isWhole() == (i == bytes.length - 1);
        if (!right) {
          assertThat(right).as("U+%x, byte %d", character, i).isTrue();
        }
      }
    }
  }

  @Test
  void noSurrogateIsTaken() {
    for (int low = 0xA0; low <= 0xBF; low++) {
      assertThat(firstRefused(new Utf8(), (byte) 0xED, (byte) low)).isEqualTo(1);
    }
  }
}
