package io.pushwire.driver.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RabbitMqUriTest {
  @Test
  void readsAllItsParts() {
    RabbitMqUri uri = RabbitMqUri.parse("amqps://us%2Fer:p%40ss+@one,two:5673,[::1]:7/a%2Fb");
    assertThat(uri.tls()).isTrue();
    assertThat(uri.user()).isEqualTo("us/er");
    assertThat(uri.password()).isEqualTo("p@ss+");
    assertThat(uri.addresses())
        .containsExactly(
            new Address("one", 5671), new Address("two", 5673), new Address("[::1]", 7));
    assertThat(uri.virtualHost()).isEqualTo("a/b");
  }

  @Test
  void knowsTheDefaults() {
    for (String text : new String[] {"amqp://localhost", "amqp://localhost/"}) {
      RabbitMqUri uri = RabbitMqUri.parse(text);
      assertThat(uri.user()).isEqualTo("guest");
      assertThat(uri.password()).isEqualTo("guest");
      assertThat(uri.virtualHost()).isEqualTo("/");
      assertThat(uri.addresses()).containsExactly(new Address("localhost", 5672));
    }
  }

  @Test
  void doesNotShowThePassword() {
    assertThat(RabbitMqUri.parse("amqp://me:secret@h/v")).hasToString("amqp://me@h:5672/v");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "http://localhost",
        "amqp://",
        "amqp://a,,b",
        "amqp://a:0",
        "amqp://a:b",
        "amqp://a:70000",
        "amqp://a@b@c",
        "amqp://:5672",
        "amqp://a?heartbeat=5"
      })
  void refusesWhatIsNone(String text) {
    assertThatThrownBy(() -> RabbitMqUri.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
