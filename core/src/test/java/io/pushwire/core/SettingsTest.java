package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushwire.api.ConfigurationException;
import io.pushwire.api.WhenOffline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final Duration MILLI = Duration.ofMillis(1);

  @Test
  void takesDefaultsForWhatIsNotGivenOrEmpty() {
    SettingsReader in = Settings.of(Map.of("a", " ")).reader();
    assertThat(in.text("a")).isEmpty();
    assertThat(in.text("b", "x")).isEqualTo("x");
    assertThat(in.list("c")).isEmpty();
    assertThat(in.flag("d", true)).isTrue();
    assertThat(in.number("e", 7, 0, 9)).isEqualTo(7);
    assertThat(in.duration("f", Duration.ofDays(7), MILLI)).isEqualTo(Duration.ofDays(7));
    assertThat(in.bytes("g", 12, 1, 99)).isEqualTo(12);
    assertThat(in.choice("h", WhenOffline.DROP)).isEqualTo(WhenOffline.DROP);
    in.finish();
  }

  @ParameterizedTest
  @CsvSource({
    "250 ms, 250",
    "250ms, 250",
    "0 ms, 0",
    "10 s, 10000",
    "10S, 10000",
    "5 min, 300000",
    "5m, 300000",
    "12 h, 43200000",
    "7 d, 604800000"
  })
  void readsTimes(String text, long millis) {
    SettingsReader in = Settings.of(Map.of("t", text)).reader();
    assertThat(in.duration("t", MILLI, Duration.ZERO)).isEqualTo(Duration.ofMillis(millis));
    in.finish();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10", "s", "-1 s", "1.5 s", "1 week", "999999999999999 d", "1 s 1 ms", "٣ s"})
  void refusesOtherTimes(String text) {
    SettingsReader in = Settings.of(Map.of("t", text)).reader();
    assertThat(in.duration("t", MILLI, MILLI)).isEqualTo(MILLI);
    assertProblems(
        in,
        "t = '"
            + text
            + "': expected a time of at least 1 ms, such as 250 ms, 10 s, 5 min, 12 h, 7 d");
  }

  @ParameterizedTest
  @CsvSource({
    "4096, 4096",
    "0 B, 0",
    "256 KiB, 262144",
    "1 kb, 1024",
    "1k, 1024",
    "1 MiB, 1048576",
    "2m, 2097152"
  })
  void readsSizes(String text, int bytes) {
    SettingsReader in = Settings.of(Map.of("b", text)).reader();
    assertThat(in.bytes("b", 1, 0, Integer.MAX_VALUE)).isEqualTo(bytes);
    in.finish();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 GiB", "-1", "3", "2048 MiB", "4294967299", "999999999999999 MiB"})
  void refusesOtherSizes(String text) {
    SettingsReader in = Settings.of(Map.of("b", text)).reader();
    in.bytes("b", 5, 4, 1000);
    assertProblems(
        in,
        "b = '" + text + "': expected a size from 4 to 1000 bytes, such as 4096, 256 KiB, 1 MiB");
  }

  @Test
  void readsFlagsNumbersChoicesAndLists() {
    SettingsReader in =
        Settings.of(Map.of("f", "ON", "n", " 8 ", "c", "queue", "l", "a, b,,c ")).reader();
    assertThat(in.flag("f", false)).isTrue();
    assertThat(in.number("n", 1, 1, 8)).isEqualTo(8);
    assertThat(in.choice("c", WhenOffline.DROP)).isEqualTo(WhenOffline.QUEUE);
    assertThat(in.list("l")).containsExactly("a", "b", "c");
    in.finish();
  }

  @Test
  void reportsAllProblemsAtOnce() {
    SettingsReader in =
        Settings.of(
                Map.of(
                    "x.flag", "maybe",
                    "x.number", "9",
                    "x.choice", "Queue",
                    "x.typo", "1",
                    "x.api.key", "hunter2",
                    "y.other", "not ours"))
            .below("x")
            .reader();
    in.flag("flag", false);
    in.number("number", 1, 1, 8);
    in.choice("choice", WhenOffline.DROP);
    in.number("api.key", 1, 1, 8);
    in.problem("flag", "does not go with number");
    assertProblems(
        in,
        "x.flag = 'maybe': expected true or false",
        "x.number = '9': expected a whole number from 1 to 8",
        "x.choice = 'Queue': expected one of drop, queue",
        "x.api.key = (not shown): expected a whole number from 1 to 8",
        "x.flag: does not go with number",
        "x.typo: unknown; known here are x.api.key, x.choice, x.flag, x.number");
  }

  @Test
  void onlyListedKeysCanBeUnknown() {
    Map<String, String> environment = Map.of("a", "1", "path", "/bin");
    SettingsReader in = Settings.of(Set.of("a"), environment::get).reader();
    assertThat(in.number("a", 0, 0, 9)).isEqualTo(1);
    in.finish();
  }

  @Test
  void leavesDriversTheirKeysButNotItsOwn() {
    NodeConfig config =
        NodeConfig.from(Settings.of(Map.of("driver", "x", "driver.x.uri", "u", "node.id", "n1")));
    assertThat(config.driver()).contains("x");
    assertThat(config.lazy()).isFalse();
    assertThatThrownBy(() -> NodeConfig.from(Settings.of(Map.of("driver.lazzy", "true"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("driver.lazzy: unknown");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"uri", "driver.x.uri", "api.key", "auth.jwt.secret", "a.password", "token"})
  void knowsWhatIsSecret(String key) {
    assertThat(SettingsReader.isSecret(key)).isTrue();
    assertThat(SettingsReader.isSecret("driver")).isFalse();
  }

  private static void assertProblems(SettingsReader in, String... problems) {
    assertThatThrownBy(in::finish)
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            e -> assertThat(e.problems()).isEqualTo(List.of(problems)));
  }
}
