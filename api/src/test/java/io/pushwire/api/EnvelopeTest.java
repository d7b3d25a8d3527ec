package io.pushwire.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
  private static final Instant SENT = Instant.parse("2026-11-20T12:00:00.123456789Z");

  @Test
  void aCopyHoldsAllOfTheOriginal() {
    Envelope envelope =
        Envelope.builder(Target.user("42"), Payload.text("secret"))
            .givenId(new UUID(1, 2))
            .kind(Envelope.Kind.CONTROL)
            .ttl(Duration.ofNanos(1_999_999))
            .whenOffline(WhenOffline.QUEUE)
            .except(Set.of(new ConnectionId(new NodeId("n"), 1, 1)))
            .header("a", "b")
            .origin(new NodeId("n"))
            .sentAt(SENT)
            .build();
    assertThat(envelope.toBuilder().build()).isEqualTo(envelope).hasSameHashCodeAs(envelope);
    assertThat(envelope.toBuilder().id(envelope.id()).build()).isNotEqualTo(envelope);
    assertThat(envelope.ttl()).as("in milliseconds").contains(Duration.ofMillis(1));
    assertThat(envelope.sentAt()).isEqualTo(Instant.parse("2026-11-20T12:00:00.123Z"));
    assertThat(envelope.toString()).doesNotContain("secret");
  }

  @Test
  void needsAnIdAndATime() {
    Envelope.Builder builder = Envelope.builder(Target.everyone(), Payload.text("x"));
    assertThatThrownBy(builder::build).isInstanceOf(NullPointerException.class).hasMessage("id");
    assertThatThrownBy(() -> builder.id(new UUID(0, 0)).build())
        .isInstanceOf(NullPointerException.class)
        .hasMessage("sentAt");
  }

  @Test
  void expiresAfterItsTimeToLive() {
    Envelope.Builder builder =
        Envelope.builder(Target.everyone(), Payload.text("x"))
            .id(new UUID(0, 0))
            .sentAt(Instant.EPOCH);
    Envelope second = builder.ttl(Duration.ofSeconds(1)).build();
    assertThat(second.expired(Instant.ofEpochMilli(1000))).isFalse();
    assertThat(second.expired(Instant.ofEpochMilli(1001))).isTrue();
    Envelope forEver = builder.ttl(null).build();
    assertThat(forEver.expired(Instant.MAX)).isFalse();
  }

  @Test
  void optionsRefuseATimeToLiveOfNothing() {
    assertThatThrownBy(() -> SendOptions.builder().ttl(Duration.ofNanos(999_999)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(SendOptions.builder().ttl(Duration.ofMillis(1)).build().ttl())
        .contains(Duration.ofMillis(1));
  }

  @Test
  void aConfigurationExceptionListsAllProblems() {
    assertThat(new ConfigurationException(List.of("a", "b")))
        .hasMessage("2 settings must be changed:\n  a\n  b");
    assertThat(new ConfigurationException("a")).hasMessage("a");
    assertThat(new ConfigurationException("a").problems()).containsExactly("a");
  }

  @Test
  void aReceiptSaysOnlyWhatIsKnown() {
    Receipt receipt = Receipt.builder(new UUID(0, 1), Receipt.Status.ACCEPTED).build();
    assertThat(receipt.receivers()).isEmpty();
    assertThat(receipt.waiting()).isEmpty();
    assertThat(receipt.whenOffline()).isEmpty();
    assertThat(receipt).hasToString("ACCEPTED 00000000-0000-0000-0000-000000000001");
  }
}
