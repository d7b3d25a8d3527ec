package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.fail;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.Envelope;
import io.pushwire.api.NodeId;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.api.WhenOffline;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EnvelopeCodecTest {
  private final EnvelopeCodec codec = new EnvelopeCodec();

  static Stream<GoldenVector> goodVectors() {
    return GoldenVector.all().filter(vector -> !vector.rejected());
  }

  static Stream<GoldenVector> canonicalVectors() {
    return GoldenVector.all().filter(GoldenVector::canonical);
  }

  static Stream<GoldenVector> badVectors() {
    return GoldenVector.all().filter(GoldenVector::rejected);
  }

  @ParameterizedTest
  @MethodSource("goodVectors")
  void readsVersionOne(GoldenVector vector) {
    assertThat(codec.decode(vector.bytes())).isEqualTo(vector.envelope());
  }

  @ParameterizedTest
  @MethodSource("canonicalVectors")
  void writesVersionOne(GoldenVector vector) {
    assertThat(codec.encode(vector.envelope())).containsExactly(vector.bytes());
  }

  @ParameterizedTest
  @MethodSource("badVectors")
  void refuses(GoldenVector vector) {
    assertThatThrownBy(() -> codec.decode(vector.bytes()))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(vector.expected().get("rejected"));
  }

  @Test
  void knowsItsOwnForm() {
    assertThat(EnvelopeCodec.isInternal(new byte[] {(byte) 0xF7, 0x50})).isTrue();
    assertThat(EnvelopeCodec.isInternal(new byte[] {(byte) 0xF7})).isFalse();
    assertThat(EnvelopeCodec.isInternal(new byte[] {0x50, (byte) 0xF7})).isFalse();
    assertThat(EnvelopeCodec.isInternal(new byte[0])).isFalse();
  }

  @Test
  void readsWhatItWrites() {
    Random random = new Random(17);
    for (int i = 0; i < 3_000; i++) {
      Envelope envelope = randomEnvelope(random);
      assertThat(codec.decode(codec.encode(envelope))).isEqualTo(envelope);
    }
  }

  @Test
  void refusesEveryBeginningOfAnEnvelopeThatEndsBeforeItsPayload() {
    Envelope envelope =
        Envelope.builder(Target.user("42"), Payload.text("x".repeat(9)))
            .id(Ids.next())
            .sentAt(Instant.now())
            .header("a", "b")
            .build();
    byte[] bytes = codec.encode(envelope);
    for (int length = 0; length < bytes.length - 9; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void failsOnRandomBytesOnlyAsMalformed() {
    Random random = new Random(17);
    int refused = 0;
    int count = Boolean.getBoolean("pushwire.long") ? 10_000_000 : 40_000;
    for (int i = 0; i < count; i++) {
      byte[] bytes;
      if (i % 2 == 0) {
        bytes = new byte[random.nextInt(80)];
        random.nextBytes(bytes);
        byte[] begin = {(byte) 0xF7, 0x50, 1, (byte) random.nextInt(8)};
        System.arraycopy(begin, 0, bytes, 0, Math.min(begin.length, bytes.length));
      } else {
        bytes = codec.encode(randomEnvelope(random));
        for (int n = random.nextInt(3); n >= 0; n--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
      }
      try {
        Envelope envelope = codec.decode(bytes);
        // whatever it took for an envelope can be handled as one
        if (!codec.decode(codec.encode(envelope)).equals(envelope)) {
          fail("Not written as it was read: " + HexFormat.of().formatHex(bytes));
        }
        envelope.expired(Instant.now());
      } catch (MalformedException expected) {
        refused++;
      }
    }
    assertThat(refused).isBetween(count / 4, count - count / 10);
  }

  @Test
  void writesTheShortestNumbers() {
    for (long value : new long[] {0, 1, 127, 128, 16_383, 16_384, Long.MAX_VALUE}) {
      assertThat(new ByteWriter(1).putVarint(value).toByteArray())
          .hasSize(ByteWriter.varintSize(value));
    }
  }

  private static Envelope randomEnvelope(Random random) {
    ConnectionId id =
        new ConnectionId(new NodeId("n1"), random.nextLong() >>> 1, random.nextInt(9));
    Target target =
        List.of(
                Target.user(randomName(random)),
                Target.topic(randomName(random)),
                Target.everyone(),
                Target.connection(id),
                new Target.Node(new NodeId("n-2_x")),
                new Target.Nodes())
            .get(random.nextInt(6));
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    Payload payload =
        random.nextBoolean() ? Payload.binary(bytes) : Payload.text(randomName(random));
    Envelope.Builder b = Envelope.builder(target, payload);
    b.sentAt(Instant.ofEpochMilli(random.nextLong() >> random.nextInt(60)));
    b.kind(random.nextBoolean() ? Envelope.Kind.MESSAGE : Envelope.Kind.CONTROL);
    b.ttl(random.nextBoolean() ? null : Duration.ofMillis(random.nextLong() >>> 1));
    b.origin(random.nextBoolean() ? null : new NodeId("n" + random.nextInt(10)));
    b.whenOffline(random.nextBoolean() ? null : WhenOffline.values()[random.nextInt(2)]);
    if (random.nextBoolean()) {
      b.except(Set.of(id, new ConnectionId(new NodeId("n2"), 0, 0)));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      b.header(randomName(random), i == 1 ? "" : randomName(random));
    }
    UUID uuid = new UUID(random.nextLong(), random.nextLong());
    return (random.nextBoolean() ? b.id(uuid) : b.givenId(uuid)).build();
  }

  private static String randomName(Random random) {
    StringBuilder name = new StringBuilder("x");
    for (int i = random.nextInt(60); i > 0; i--) {
      name.appendCodePoint(new int[] {'a', ' ', 0xE4, 0x20AC, 0x1F600}[random.nextInt(5)]);
    }
    return name.toString();
  }
}
