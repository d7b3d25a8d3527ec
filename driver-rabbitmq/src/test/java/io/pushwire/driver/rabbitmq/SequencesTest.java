package io.pushwire.driver.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SequencesTest {
  private static final Route A = new Route("x", "a");
  private static final Route B = new Route("x", "b");

  private final Sequences sequences = new Sequences();
  private final Gaps gaps = new Gaps();

  SequencesTest() {
    gaps.track(A);
    gaps.track(B);
  }

  @Test
  void countsEachRouteForItself() {
    assertThat(sequences.next(A)).isEqualTo(-1);
    assertThat(sequences.next(A)).isEqualTo(2);
    assertThat(sequences.next(B)).isEqualTo(-3);
    assertThat(sequences.next(A)).isEqualTo(3);
    assertThat(sequences.next(B)).isEqualTo(4);
  }

  @Test
  void aRouteThatWasForgottenBeginsAnewAboveAllItHad() {
    long last = 0;
    for (int i = 0; i < 100; i++) {
      last = Math.abs(sequences.next(A));
    }
    for (int i = 0; i <= Sequences.MAX_ROUTES; i++) {
      sequences.next(new Route("x", "t" + i));
    }
    assertThat(sequences.next(A)).isLessThan(-last);
  }

  @Test
  void whatIsMissingIsSeen() {
    assertThat(gaps.arrived(A, "n", -5)).as("a beginning").isZero();
    assertThat(gaps.arrived(A, "n", 6)).isZero();
    assertThat(gaps.arrived(A, "n", 9)).isEqualTo(2);
    assertThat(gaps.arrived(A, "n", 6)).as("a repeat").isZero();
    assertThat(gaps.arrived(A, "n", 10)).isZero();
    assertThat(gaps.arrived(B, "n", 90)).as("another route").isZero();
    assertThat(gaps.arrived(A, "m", 90)).as("another node").isZero();
    assertThat(gaps.arrived(A, "n", -20)).as("it begins anew").isZero();
    assertThat(gaps.arrived(A, "n", 22)).isEqualTo(1);
  }

  @Test
  void whatIsNotForThisNodeIsNotMissed() {
    gaps.arrived(A, "n", -1);
    gaps.forget(A);
    assertThat(gaps.arrived(A, "n", 5)).isZero();
    gaps.track(A);
    assertThat(gaps.arrived(A, "n", 9)).isZero();
    gaps.reset();
    assertThat(gaps.arrived(A, "n", 20)).isZero();
    assertThat(gaps.arrived(A, "n", 22)).isEqualTo(1);
  }
}
