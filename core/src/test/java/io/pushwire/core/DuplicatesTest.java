package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.Envelope;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DuplicatesTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000); // about to overflow
  private final Duplicates duplicates = new Duplicates(nanos::get);

  @Test
  void remembersTargetAndId() {
    Envelope envelope = envelope(1, Target.user("42"));
    assertThat(duplicates.contains(envelope)).isFalse();
    duplicates.add(envelope);
    assertThat(duplicates.contains(envelope)).isTrue();
    assertThat(duplicates.contains(envelope(1, Target.user("7")))).isFalse();
    assertThat(duplicates.contains(envelope(1, Target.topic("42")))).isFalse();
    assertThat(duplicates.contains(envelope(2, Target.user("42")))).isFalse();
  }

  @Test
  void remembersForAMinuteWhateverComesMeanwhile() {
    Envelope first = envelope(1, Target.user("42"));
    duplicates.add(first);
    for (int second = 1; second <= 60; second++) {
      pass(Duration.ofSeconds(1));
      duplicates.add(envelope(second + 1, Target.user("42")));
      assertThat(duplicates.contains(first)).as("after %s s", second).isTrue();
    }
  }

  @Test
  void forgetsAfterTwoMinutesWhileOthersCome() {
    Envelope first = envelope(1, Target.user("42"));
    duplicates.add(first);
    for (int second = 1; second <= 123; second++) {
      pass(Duration.ofSeconds(1));
      duplicates.add(envelope(second + 1, Target.user("42")));
    }
    assertThat(duplicates.contains(first)).isFalse();
  }

  @Test
  void forgetsAfterTwoMinutesWhenNothingElseCame() {
    Envelope only = envelope(1, Target.user("42"));
    duplicates.add(only);
    pass(Duration.ofSeconds(59));
    assertThat(duplicates.contains(only)).isTrue();
    pass(Duration.ofSeconds(62));
    assertThat(duplicates.contains(only)).isFalse();
    duplicates.add(envelope(2, Target.user("42")));
    assertThat(duplicates.contains(only)).as("once the next one came").isFalse();
    duplicates.add(only);
    assertThat(duplicates.contains(only)).isTrue();
  }

  @Test
  void holdsNoMoreThanTwoGenerations() {
    int most = Duplicates.MAX_ENTRIES;
    for (int i = 0; i <= 2 * most; i++) {
      duplicates.add(envelope(i, Target.user("42")));
    }
    int held = 0;
    for (int i = 0; i <= 2 * most; i++) {
      held += duplicates.contains(envelope(i, Target.user("42"))) ? 1 : 0;
    }
    assertThat(held).isBetween(most, 2 * most);
    assertThat(duplicates.contains(envelope(0, Target.user("42")))).as("the oldest").isFalse();
    assertThat(duplicates.contains(envelope(2 * most, Target.user("42")))).isTrue();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static Envelope envelope(long id, Target target) {
    return Envelope.builder(target, Payload.text("x"))
        .givenId(new UUID(0, id))
        .sentAt(Instant.EPOCH)
        .build();
  }
}
