package io.pushwire.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseReasonsTest {
  @Test
  void whatFitsStays() {
    assertThat(CloseReasons.cut("")).isEmpty();
    assertThat(CloseReasons.cut("x".repeat(123))).hasSize(123);
  }

  @Test
  void whatDoesNotFitIsCutAtACharacter() {
    assertThat(CloseReasons.cut("x".repeat(124))).isEqualTo("x".repeat(123));
    assertThat(CloseReasons.cut("é".repeat(62))).isEqualTo("é".repeat(61));
    assertThat(CloseReasons.cut("x" + "𝄞".repeat(31))).isEqualTo("x" + "𝄞".repeat(30));
    assertThat(CloseReasons.cut("€".repeat(50)).getBytes(UTF_8)).hasSize(123);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 5000})
  void aCodeThatNoFrameCanHaveIsRefused(int code) {
    assertThatThrownBy(() -> CloseReasons.of(code, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(code));
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1003, 1007, 1011, 1012, 1013, 1014, 3000, 4401, 4999})
  void anyOtherIsKept(int code) {
    assertThat(CloseReasons.of(code, "why").getCloseCode().getCode()).isEqualTo(code);
  }
}
