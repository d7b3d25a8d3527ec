package io.pushwire.driver.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushwire.api.ConfigurationException;
import io.pushwire.api.Target;
import io.pushwire.core.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RabbitMqConfigTest {
  @Test
  void hasDefaults() {
    RabbitMqConfig config = RabbitMqConfig.from(Settings.of(Map.of()));
    assertThat(config.uri()).hasToString("amqp://guest@localhost:5672");
    assertThat(config.prefix()).isEqualTo("pw.");
    assertThat(config.persistent()).isTrue();
    assertThat(config.ingress()).isEqualTo(Map.of("ws.notice", Target.everyone()));
  }

  @Test
  void aPrefixComesBeforeTheDefaultQueueToo() {
    RabbitMqConfig config = RabbitMqConfig.from(Settings.of(Map.of("prefix", "shop.")));
    assertThat(config.ingress()).containsOnlyKeys("shop.ws.notice");
  }

  @Test
  void readsIngress() {
    Map<String, String> clear = Map.of("ingress", "a.b = everyone, c=topic:x,d=user:42");
    assertThat(RabbitMqConfig.from(Settings.of(clear)).ingress())
        .isEqualTo(
            Map.of("a.b", Target.everyone(), "c", Target.topic("x"), "d", Target.user("42")));
    assertThat(RabbitMqConfig.from(Settings.of(Map.of("ingress", "none"))).ingress()).isEmpty();
  }

  @Test
  void namesAllProblemsAtOnce() {
    Map<String, String> settings =
        Map.of(
            "uri", "http://user:secret@x",
            "prefix", "a b",
            "ingress", "q=nobody",
            "persistent", "perhaps",
            "queue-limit", "1",
            "tls.ca", "/nowhere/ca.pem",
            "prefetch", "5");
    assertThatThrownBy(() -> RabbitMqConfig.from(Settings.of(settings)))
        .isInstanceOfSatisfying(
            ConfigurationException.class, e -> assertThat(e.problems()).hasSize(7))
        .hasMessageContaining("prefetch: unknown")
        .hasMessageNotContaining("secret");
  }
}
