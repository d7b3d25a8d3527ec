package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.pushwire.api.Envelope;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever comes from a broker is read or refused, never more. The seeds are tried with every
 * build; {@code JAZZER_FUZZ=1} looks for more.
 */
class WireFuzzTest {
  private static final Target CHANNEL = Target.topic("t");
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  private final EnvelopeCodec codec = new EnvelopeCodec();
  private final ForeignParser parser = new ForeignParser(CLOCK);

  static Stream<byte[]> envelopes() {
    return GoldenVector.all().map(GoldenVector::bytes);
  }

  @MethodSource("envelopes")
  @FuzzTest(maxDuration = "3m")
  void anEnvelopeIsReadOrMalformed(byte[] bytes) {
    Envelope envelope;
    try {
      envelope = codec.decode(bytes.clone());
    } catch (MalformedException e) {
      return;
    }
    assertThat(codec.decode(codec.encode(envelope))).isEqualTo(envelope);
    assertThat(envelope.toString()).doesNotContain("\n", "\r");
  }

  static Stream<byte[]> controls() {
    return Stream.concat(
        ControlTest.messages().stream().map(message -> message.encode().toByteArray()),
        Stream.of(
                "630102", // a kind that a later version may have
                "0180dce3eea581910454fdf8f9f9f9ffffff3ef9f9d0f90ff901") // found: a size of 58 bits
            .map(HexFormat.of()::parseHex));
  }

  @MethodSource("controls")
  @FuzzTest(maxDuration = "3m")
  void aControlMessageIsReadOrMalformed(byte[] bytes) {
    Payload payload = Payload.wrap(Payload.Type.BINARY, bytes, 0, bytes.length);
    try {
      Control.decode(payload)
          .ifPresent(message -> assertThat(Control.decode(message.encode())).contains(message));
    } catch (MalformedException e) {
      // the one answer that is allowed
    }
  }

  static Stream<byte[]> foreign() {
    return Stream.of(
            "paid",
            "",
            "PW1 {}\n",
            "PW1 {\"to\":{\"user\":\"42\"},\"ttl\":60}\nhello",
            "PW1 {\"to\":{\"users\":[\"1\",2]},\"id\":\"a-17\",\"binary\":true}\n\0\1",
            "PW1 {\"to\":{\"topic\":\"t\"},\"binary\":false,\"ttl\":0.5}\n{}",
            "PW1 {\"to\":{\"everyone\":true}}\nx",
            "PW1 {\"to\":{\"connection\":\"n1.a.b\"}}\nx",
            "PW1 {\"to\":{\"user\":\"1\"},\"to\":{}}\nx",
            "PW1 {\"ttl\":1e999}\nx",
            "PW1 no line end")
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @MethodSource("foreign")
  @FuzzTest(maxDuration = "3m")
  void aForeignMessageIsReadOrRefused(byte[] bytes) {
    byte[] whole = bytes.clone();
    try {
      List<Envelope> envelopes = parser.parse(whole, "ingress", CHANNEL);
      assertThat(envelopes).isNotEmpty();
      for (Envelope envelope : envelopes) {
        assertThat(envelope.kind()).isEqualTo(Envelope.Kind.MESSAGE);
        assertThat(envelope.origin()).isEmpty();
        assertThat(codec.decode(codec.encode(envelope))).isEqualTo(envelope);
        byte[] payload = envelope.payload().toByteArray();
        assertThat(bytes).as("the payload is the end of the message").endsWith(payload);
      }
    } catch (MalformedException | ForbiddenException e) {
      assertThat(bytes).isNotEmpty();
    }
    try {
      assertThat(parser.parseFor(whole, "channel", CHANNEL).target()).isEqualTo(CHANNEL);
    } catch (MalformedException | ForbiddenException e) {
      assertThat(Arrays.equals(whole, bytes)).isTrue();
    }
  }
}
