package io.pushwire.driver.redispubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushwire.api.Envelope;
import io.pushwire.api.Target;
import io.pushwire.core.ForbiddenException;
import io.pushwire.core.ForeignParser;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngressTest {
  private static final ChannelNames DEFAULT = new ChannelNames("pw:");
  private static final ChannelNames OTHER = new ChannelNames("shop:");

  @Test
  void aTemplateIsHeardTogetherWithItsTopic() {
    Ingress ingress = new Ingress(List.of("pub.{topic}=topic", "inbox-{user}.in=user"), DEFAULT);
    assertThat(ingress.channels(Target.topic("a.b"))).containsExactly("pub.a.b");
    assertThat(ingress.channels(Target.user("42"))).containsExactly("inbox-42.in");
    assertThat(ingress.channels(Target.everyone())).isEmpty();
    assertThat(read(ingress, "x", "pub.a.b")).containsExactly(Target.topic("a.b"));
    assertThat(read(ingress, "x", "inbox-42.in")).containsExactly(Target.user("42"));
  }

  @Test
  void fixedChannelsAreHeardByEveryNodeThatHasConnections() {
    Ingress ingress = new Ingress(List.of("ws.in=everyone", "news=topic:x"), DEFAULT);
    assertThat(ingress.channels(Target.everyone())).containsExactlyInAnyOrder("ws.in", "news");
    assertThat(ingress.channels(Target.topic("x"))).isEmpty();
    assertThat(read(ingress, "hello", "ws.in")).containsExactly(Target.everyone());
    assertThat(read(ingress, "hello", "news")).containsExactly(Target.topic("x"));
    assertThat(read(ingress, "PW1 {\"to\":{\"users\":[\"1\",\"2\"]}}\nx", "news"))
        .containsExactly(Target.user("1"), Target.user("2"));
  }

  @Test
  void anyPrefixButTheDefaultPrecedesForeignNames() {
    Ingress ingress = new Ingress(List.of("pub.{topic}=topic", "news=topic:x"), OTHER);
    assertThat(ingress.channels(Target.topic("a"))).containsExactly("shop:pub.a");
    assertThat(ingress.channels(Target.everyone())).containsExactly("shop:news");
  }

  @Test
  void aTemplatesMessageIsForNobodyElse() {
    Ingress ingress = new Ingress(List.of(Ingress.DEFAULT), DEFAULT);
    assertThatThrownBy(() -> read(ingress, "PW1 {\"to\":{\"topic\":\"b\"}}\nx", "pub.a"))
        .isInstanceOf(ForbiddenException.class);
    assertThatThrownBy(() -> read(ingress, "x", "unheard.of"))
        .isInstanceOf(ForbiddenException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "pub.{topic},'is no source=target'",
    "=everyone,'is no source=target'",
    "pub.{topic}=everyone,'stands for ''topic'''",
    "pub.{user}=topic,'stands for ''user'''",
    "pub.{topic}.{user}=topic,'more than one placeholder'",
    "pub.{topic}.{topic}=topic,'more than one placeholder'",
    "{topic}=topic,'needs text before'",
    "news=user,'stands for ''everyone'' or'",
    "news=topic,'stands for ''everyone'' or'",
    "pw:all=everyone,'meets the channels of the nodes'",
    "pw:u:1=everyone,'meets the channels of the nodes'",
    "p{topic}=topic,'meets the channels of the nodes'",
    "pw:t:{topic}=topic,'meets the channels of the nodes'",
  })
  void saysWhatIsWrong(String entry, String problem) {
    assertThatThrownBy(() -> new Ingress(List.of(entry), DEFAULT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(entry)
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource({
    "pub.{topic}=topic,pub.news=everyone",
    "pub.news=everyone,pub.{topic}=topic",
    "pub.{topic}=topic,pub.x.{topic}=topic",
    "pub.{topic}=topic,pub.{user}=user",
    "news=everyone,news=topic:x",
  })
  void aChannelHasOneMeaning(String one, String other) {
    assertThatThrownBy(() -> new Ingress(List.of(one, other), DEFAULT))
        .hasMessageContaining(other)
        .hasMessageContaining("meets another source");
  }

  @Test
  void theNamesOfAnotherPrefixMeetNothing() {
    Ingress ingress = new Ingress(List.of("pw:all=everyone"), OTHER);
    assertThat(ingress.channels(Target.everyone())).containsExactly("shop:pw:all");
    assertThatThrownBy(() -> new Ingress(List.of("nodes=everyone"), OTHER))
        .hasMessageContaining("meets the channels of the nodes");
  }

  private static List<Target> read(Ingress ingress, String message, String channel) {
    return ingress
        .read(
            message.getBytes(StandardCharsets.UTF_8), channel, new ForeignParser(Clock.systemUTC()))
        .stream()
        .map(Envelope::target)
        .toList();
  }
}
