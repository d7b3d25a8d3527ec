package io.pushwire.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
}
