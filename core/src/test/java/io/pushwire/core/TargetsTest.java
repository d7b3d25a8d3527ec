package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeId;
import io.pushwire.api.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTest {
  @Test
  void readsEveryForm() {
    assertThat(Targets.parse("{\"user\":\"42\"}")).containsExactly(Target.user("42"));
    assertThat(Targets.parse(" { \"user\" : 42 } ")).containsExactly(Target.user("42"));
    assertThat(Targets.parse("{\"users\":[\"2\",1,\"2\"]}"))
        .containsExactly(Target.user("2"), Target.user("1"));
    assertThat(Targets.parse("{\"topic\":\"\\u20ac {}\"}")).containsExactly(Target.topic("€ {}"));
    assertThat(Targets.parse("{\"everyone\":true}")).containsExactly(Target.everyone());
    assertThat(Targets.parse("{\"connection\":\"n1.k.7\"}"))
        .containsExactly(Target.connection(new ConnectionId(new NodeId("n1"), 20, 7)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "42",
        "null",
        "\"user\"",
        "[]",
        "{}",
        "{",
        "{\"user\"",
        "{\"user\":",
        "{\"user\":\"42\"",
        "{\"user\":\"42\"}}",
        "{\"user\":\"42\"} {}",
        "{\"user\":\"42\"} x",
        "{user:\"42\"}",
        "{\"user\":\"\"}",
        "{\"user\":null}",
        "{\"user\":true}",
        "{\"user\":1.5}",
        "{\"user\":1e3}",
        "{\"user\":[\"42\"]}",
        "{\"user\":{\"id\":\"42\"}}",
        "{\"user\":\"a\\u0000b\"}",
        "{\"user\":\"\\ud83d\"}",
        "{\"user\":\"1\",\"user\":\"2\"}",
        "{\"user\":\"1\",\"topic\":\"2\"}",
        "{\"users\":\"1\"}",
        "{\"users\":[]}",
        "{\"users\":[\"1\",null]}",
        "{\"users\":[[\"1\"]]}",
        "{\"users\":[\"1\"",
        "{\"topic\":\"\\n\"}",
        "{\"everyone\":false}",
        "{\"everyone\":\"true\"}",
        "{\"everyone\":{}}",
        "{\"connection\":\"n1\"}",
        "{\"connection\":\"n1.K.7\"}",
        "{\"node\":\"n1\"}",
        "{\"nodes\":true}",
        "{\"User\":\"42\"}"
      })
  void refusesEverythingElse(String json) {
    assertThatThrownBy(() -> Targets.parse(json))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .isNotBlank();
  }

  @Test
  void refusesNamesThatAreTooLong() {
    assertThat(Targets.parse("{\"user\":\"" + "x".repeat(255) + "\"}")).hasSize(1);
    assertThatThrownBy(() -> Targets.parse("{\"user\":\"" + "x".repeat(256) + "\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("256");
    assertThatThrownBy(() -> Targets.parse("{\"user\":" + "1".repeat(5000) + "}"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Targets.parse("[".repeat(100_000)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Targets.parse("{\"users\":" + "[".repeat(100_000)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
