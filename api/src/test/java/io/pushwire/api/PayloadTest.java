package io.pushwire.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "7F",
        "C2 80",
        "DF BF",
        "E0 A0 80",
        "ED 9F BF",
        "EE 80 80",
        "EF BF BF",
        "F0 90 80 80",
        "F0 9F 98 80",
        "F4 8F BF BF",
        "61 E2 82 AC 62",
        "EF BB BF 61"
      })
  void knowsText(String hex) {
    byte[] bytes = bytes(hex);
    Payload payload = Payload.guess(bytes, 0, bytes.length);
    assertThat(payload.type()).isEqualTo(Payload.Type.TEXT);
    assertThat(payload).isEqualTo(Payload.wrap(Payload.Type.TEXT, bytes, 0, bytes.length));
    assertThat(payload.text()).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    assertThat(payload.toByteArray()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80", // begins with a continuation
        "BF",
        "C0 80", // overlong
        "C1 BF",
        "E0 80 80",
        "E0 9F BF",
        "F0 80 80 80",
        "F0 8F BF BF",
        "ED A0 80", // half a surrogate pair
        "ED BF BF",
        "ED A0 BD ED B8 80", // a pair of them
        "F4 90 80 80", // beyond the last plane
        "F5 80 80 80",
        "F7 50",
        "F8 88 80 80 80",
        "FE",
        "FF",
        "C2", // ends too early
        "E2 82",
        "F0 9F 98",
        "61 C2",
        "C2 61",
        "E2 82 61"
      })
  void knowsWhatIsNoText(String hex) {
    byte[] bytes = bytes(hex);
    assertThat(Payload.guess(bytes, 0, bytes.length).type()).isEqualTo(Payload.Type.BINARY);
    assertThatThrownBy(() -> Payload.wrap(Payload.Type.TEXT, bytes, 0, bytes.length))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The text is not valid UTF-8");
    assertThatThrownBy(() -> Payload.binary(bytes).text())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void judgesBytesAsTheJdkDoesWhereverTheyStand() {
    Random random = new Random(17);
    byte[] leads = {0x61, (byte) 0xC3, (byte) 0xE2, (byte) 0xED, (byte) 0xF0, (byte) 0xF4, -1};
    for (int i = 0; i < 20_000; i++) {
      // around the border of what is looked at in one go
      byte[] bytes = new byte[1018 + random.nextInt(12)];
      for (int at = bytes.length - 1; at > bytes.length - 10; at--) {
        bytes[at] =
            random.nextBoolean()
                ? leads[random.nextInt(leads.length)]
                : (byte) (0x80 | random.nextInt(64));
      }
      Payload.Type expected = isUtf8(bytes) ? Payload.Type.TEXT : Payload.Type.BINARY;
      assertThat(Payload.guess(bytes, 0, bytes.length).type()).isEqualTo(expected);
    }
    byte[] emoji = "😀".repeat(5000).getBytes(StandardCharsets.UTF_8);
    for (int cut = 0; cut < 8; cut++) {
      Payload.Type expected = cut % 4 == 0 ? Payload.Type.TEXT : Payload.Type.BINARY;
      assertThat(Payload.guess(emoji, 0, emoji.length - cut).type()).isEqualTo(expected);
    }
  }

  @Test
  void refusesHalfASurrogatePair() {
    assertThatThrownBy(() -> Payload.text("a\uD83D"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("surrogate");
  }

  @Test
  void isASliceOfItsArray() {
    byte[] bytes = "xxpaidxx".getBytes(StandardCharsets.UTF_8);
    Payload payload = Payload.wrap(Payload.Type.TEXT, bytes, 2, 4);
    assertThat(payload).isEqualTo(Payload.text("paid")).hasSameHashCodeAs(Payload.text("paid"));
    assertThat(payload.size()).isEqualTo(4);
    ByteBuffer view = payload.bytes();
    assertThat(view.position()).isZero();
    assertThat(view.remaining()).isEqualTo(4);
    assertThatThrownBy(() -> view.put(0, (byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
    assertThatThrownBy(() -> Payload.wrap(Payload.Type.BINARY, bytes, 5, 4))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void copiesWhatItIsNotGiven() {
    byte[] bytes = {1, 2};
    Payload payload = Payload.binary(bytes);
    bytes[0] = 9;
    assertThat(payload.toByteArray()).containsExactly(1, 2);
  }

  @Test
  void textAndBinaryAreNotTheSame() {
    assertThat(Payload.text("x"))
        .isNotEqualTo(Payload.binary(new byte[] {'x'}))
        .isNotEqualTo(Payload.text("y"))
        .isNotEqualTo(Payload.text("xx"));
  }

  @Test
  void showsNothingOfItsContent() {
    assertThat(Payload.text("secret")).hasToString("TEXT of 6 bytes");
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
