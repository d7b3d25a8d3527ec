package io.pushwire.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  static Stream<String> goodNames() {
    return Stream.of(
        "4", " ", "*?[]{}:.#/\\%\"'", "Grüße", "用户", "😀", "\u00A0", "x".repeat(255), "\uFFFF");
  }

  static Stream<String> badNames() {
    return Stream.of(
        "",
        "x".repeat(256),
        "\0",
        "a\nb",
        "a\rb",
        "\t",
        "\u007F",
        "\u0085",
        "\uD83D",
        "\uDE00",
        "\uDE00\uD83D",
        "a\uD83Db");
  }

  @ParameterizedTest
  @MethodSource("goodNames")
  void takesAnyText(String name) {
    assertThat(Target.user(name)).isEqualTo(new Target.User(name)).hasToString("user " + name);
    assertThat(Target.topic(name)).isEqualTo(new Target.Topic(name)).hasToString("topic " + name);
  }

  @ParameterizedTest
  @MethodSource("badNames")
  void refusesWhatNoBrokerCarries(String name) {
    assertThatThrownBy(() -> Target.user(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("A user id has ");
    assertThatThrownBy(() -> Target.topic(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("A topic name has ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"n", "A-Z_09", "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"})
  void takesNodeIds(String id) {
    assertThat(new NodeId(id)).hasToString(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a.b",
        "a b",
        "ä",
        "a\n",
        "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
      })
  void refusesOtherNodeIds(String id) {
    assertThatThrownBy(() -> new NodeId(id)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void connectionIdsHaveOneText() {
    ConnectionId id = new ConnectionId(new NodeId("n-1"), 1_763_640_000_000_000L, 35);
    assertThat(id).hasToString("n-1.hd5p145xc0.z");
    assertThat(ConnectionId.parse(id.toString())).isEqualTo(id);
    assertThat(ConnectionId.parse("n.0.0")).isEqualTo(new ConnectionId(new NodeId("n"), 0, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "n",
        "n.1",
        "n.1.2.3",
        "n..1",
        ".1.1",
        "n.1.",
        "n.-1.1",
        "n.+1.1",
        "n.01.1",
        "n.Z.1",
        "n.1.zzzzzzzzzzzzzz",
        "n. 1.1",
        "ä.1.1"
      })
  void refusesOtherConnectionIds(String text) {
    assertThatThrownBy(() -> ConnectionId.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("A connection id is <node>.<incarnation>.<number>, but this is '" + text + "'");
  }
}
