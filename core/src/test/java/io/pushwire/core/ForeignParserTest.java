package io.pushwire.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushwire.api.Envelope;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignParserTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final Target USER = Target.user("42");

  private final ForeignParser parser = new ForeignParser(Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void takesAnythingElseAsThePayload() {
    for (String raw :
        List.of("", "paid", "PW1", "PW1{}", "pw1 {}\nx", "PW2 {}\nx", " PW1 {}\nx", "\n")) {
      Envelope envelope = parse(raw);
      assertThat(envelope.payload()).isEqualTo(Payload.text(raw));
      assertThat(envelope.target()).isEqualTo(USER);
      assertThat(envelope.kind()).isEqualTo(Envelope.Kind.MESSAGE);
      assertThat(envelope.idGiven()).isFalse();
      assertThat(envelope.sentAt()).isEqualTo(NOW);
      assertThat(envelope.origin()).isEmpty();
    }
    byte[] binary = {(byte) 0xF7, 0x51, 0};
    assertThat(parser.parseFor(binary, "s", USER).payload()).isEqualTo(Payload.binary(binary));
    assertThat(parser.parseFor(new byte[] {(byte) 0xF7}, "s", USER).payload().type())
        .isEqualTo(Payload.Type.BINARY);
  }

  @Test
  void readsEveryField() {
    Envelope envelope =
        parse("PW1 {\"to\":{\"user\":\"42\"},\"ttl\":1.5,\"id\":\"a-17\",\"binary\":true}\npaid");
    assertThat(envelope.target()).isEqualTo(USER);
    assertThat(envelope.ttl()).contains(Duration.ofMillis(1500));
    assertThat(envelope.idGiven()).isTrue();
    assertThat(envelope.id()).isEqualTo(Ids.derive("s", "a-17"));
    assertThat(envelope.payload()).isEqualTo(Payload.binary("paid".getBytes(UTF_8)));
  }

  @Test
  void takesEveryFieldAsOptional() {
    assertThat(parse("PW1 {}\n").payload()).isEqualTo(Payload.text(""));
    assertThat(parse("PW1  { } \r\nx").payload()).isEqualTo(Payload.text("x"));
    assertThat(parse("PW1 {\"id\":17}\nx").id()).isEqualTo(Ids.derive("s", "17"));
    assertThat(parse("PW1 {\"binary\":false}\nx\n").payload()).isEqualTo(Payload.text("x\n"));
  }

  @Test
  void carriesPayloadsThatLookLikeOurForms() {
    for (String payload : List.of("PW1 {}\nx", "\r\n", "\n\n", "\0")) {
      assertThat(parse("PW1 {}\n" + payload).payload()).isEqualTo(Payload.text(payload));
    }
    byte[] bytes = "PW1 {}\n\u0000P\u0001\u0000".getBytes(UTF_8);
    bytes[7] = (byte) 0xF7;
    assertThat(parser.parseFor(bytes, "s", USER).payload())
        .isEqualTo(Payload.binary(new byte[] {(byte) 0xF7, 'P', 1, 0}));
  }

  @Test
  void limitsTheLineNotThePayload() {
    String longest = "PW1 {" + " ".repeat(ForeignParser.MAX_LINE - 7) + "}\n";
    assertThat(longest).hasSize(ForeignParser.MAX_LINE);
    String payload = "x".repeat(10_000);
    assertThat(parse(longest + payload).payload().size()).isEqualTo(10_000);
    assertThatThrownBy(() -> parse("PW1 { " + longest.substring(5) + payload))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("4096");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PW1 ",
        "PW1 {}",
        "PW1 \n",
        "PW1 []\n",
        "PW1 42\n",
        "PW1 {\n}\n",
        "PW1 {} {}\n",
        "PW1 {}x\n",
        "PW1 {\"to\":\"42\"}\n",
        "PW1 {\"to\":{}}\n",
        "PW1 {\"to\":{\"node\":\"n\"}}\n",
        "PW1 {\"ttl\":\"60\"}\n",
        "PW1 {\"ttl\":0}\n",
        "PW1 {\"ttl\":-1}\n",
        "PW1 {\"ttl\":0.0001}\n",
        "PW1 {\"ttl\":1e999999999}\n",
        "PW1 {\"ttl\":1e-999999999}\n",
        "PW1 {\"ttl\":1e99999999999}\n",
        "PW1 {\"ttl\":NaN}\n",
        "PW1 {\"ttl\":null}\n",
        "PW1 {\"id\":null}\n",
        "PW1 {\"id\":{}}\n",
        "PW1 {\"binary\":1}\n",
        "PW1 {\"binary\":\"true\"}\n",
        "PW1 {\"kind\":\"control\"}\n",
        "PW1 {\"ttl\":1,\"ttl\":2}\n",
        "PW1 {ttl:1}\n"
      })
  void refusesWrongLines(String message) {
    assertThatThrownBy(() -> parse(message)).isInstanceOf(MalformedException.class);
  }

  @Test
  void refusesTextThatIsNotUtf8() {
    byte[] bytes = "PW1 {\"binary\":false}\nx".getBytes(UTF_8);
    bytes[bytes.length - 1] = (byte) 0xFF;
    assertThatThrownBy(() -> parser.parseFor(bytes, "s", USER))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void refusesForgedInternalEnvelopes() {
    Envelope control =
        Envelope.builder(new Target.Nodes(), Payload.text("x"))
            .kind(Envelope.Kind.CONTROL)
            .id(Ids.next())
            .sentAt(NOW)
            .build();
    byte[] forged = new EnvelopeCodec().encode(control);
    assertThatThrownBy(() -> parser.parseFor(forged, "s", USER))
        .isInstanceOf(ForbiddenException.class);
    assertThatThrownBy(() -> parser.parse(forged, "s", USER))
        .isInstanceOf(ForbiddenException.class);
    assertThatThrownBy(() -> parser.parse(new byte[] {(byte) 0xF7, 0x50}, "s", USER))
        .isInstanceOf(ForbiddenException.class);
  }

  @Test
  void anotherTargetIsOnlyForPlacesThatAllowIt() {
    byte[] message = "PW1 {\"to\":{\"users\":[\"7\",\"8\"]},\"id\":\"1\"}\nx".getBytes(UTF_8);
    assertThatThrownBy(() -> parser.parseFor(message, "s", USER))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("s");
    assertThat(parser.parse(message, "s", USER))
        .extracting(Envelope::target)
        .containsExactly(Target.user("7"), Target.user("8"));
    assertThat(parser.parse("x".getBytes(UTF_8), "s", USER))
        .extracting(Envelope::target)
        .containsExactly(USER);
  }

  @Test
  void idsOfDifferentSourcesDiffer() {
    byte[] message = "PW1 {\"id\":\"1\"}\nx".getBytes(UTF_8);
    assertThat(parser.parseFor(message, "a", USER).id())
        .isEqualTo(parser.parseFor(message, "a", USER).id())
        .isNotEqualTo(parser.parseFor(message, "b", USER).id());
  }

  @ParameterizedTest
  @CsvSource({"0.001, 1", "60, 60000", "0.0019, 1", "315360000, 315360000000"})
  void readsTimesToLive(String seconds, long millis) {
    assertThat(parse("PW1 {\"ttl\":" + seconds + "}\nx").ttl()).contains(Duration.ofMillis(millis));
  }

  @Test
  void failsOnlyInTheTwoWaysItNames() {
    byte[] good =
        "PW1 {\"to\":{\"user\":\"42\"},\"ttl\":1.5,\"id\":\"a\",\"binary\":true}\nx"
            .getBytes(UTF_8);
    Random random = new Random(17);
    int refused = 0;
    for (int i = 0; i < (Boolean.getBoolean("pushwire.long") ? 10_000_000 : 40_000); i++) {
      byte[] bytes = good.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        bytes[4 + random.nextInt(bytes.length - 4)] = (byte) random.nextInt(256);
      }
      try {
        parser.parse(bytes, "s", USER);
      } catch (MalformedException | ForbiddenException expected) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  private Envelope parse(String message) {
    return parser.parseFor(message.getBytes(UTF_8), "s", USER);
  }
}
