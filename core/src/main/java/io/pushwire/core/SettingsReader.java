package io.pushwire.core;

import io.pushwire.api.ConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads settings into typed values. A value that cannot be read is noted as a problem and the
 * default taken, so that {@link #finish} can report all of them at once. Not for several threads.
 *
 * @since 0.1
 */
public final class SettingsReader {
  private final Settings settings;
  private final Set<String> read = new HashSet<>();
  private final List<String> problems = new ArrayList<>();

  SettingsReader(Settings settings) {
    this.settings = settings;
  }

  /**
   * @param key a key
   * @return its value, if it is given and not empty
   */
  public Optional<String> text(String key) {
    read.add(key);
    return Optional.ofNullable(settings.value(key)).filter(v -> !v.isEmpty());
  }

  /**
   * @param key a key
   * @param otherwise the default
   * @return its value
   */
  public String text(String key, String otherwise) {
    return text(key).orElse(otherwise);
  }

  /**
   * @param key a key
   * @return its values, separated by commas; empty if it is not given
   */
  public List<String> list(String key) {
    return text(key).stream()
        .flatMap(v -> Stream.of(v.split(",")))
        .map(String::strip)
        .filter(v -> !v.isEmpty())
        .collect(Collectors.toList());
  }

  /**
   * @param key a key
   * @param otherwise the default
   * @return {@code true} or {@code false}
   */
  public boolean flag(String key, boolean otherwise) {
    return parsed(
        key,
        otherwise,
        "true or false",
        value ->
            switch (value.toLowerCase(Locale.ROOT)) {
              case "true", "on", "yes" -> true;
              case "false", "off", "no" -> false;
              default -> throw new IllegalArgumentException();
            });
  }

  /**
   * @param key a key
   * @param otherwise the default
   * @param least the least value allowed
   * @param most the greatest value allowed
   * @return a whole number
   */
  public int number(String key, int otherwise, int least, int most) {
    return parsed(
        key,
        otherwise,
        "a whole number from " + least + " to " + most,
        value -> {
          int number = Integer.parseInt(value);
          if (number < least || number > most) {
            throw new IllegalArgumentException();
          }
          return number;
        });
  }

  /**
   * @param key a key
   * @param otherwise the default
   * @param least the shortest allowed
   * @return a time such as {@code 250 ms}, {@code 10 s}, {@code 5 min}, {@code 12 h}, {@code 7 d}
   */
  public Duration duration(String key, Duration otherwise, Duration least) {
    return parsed(
        key,
        otherwise,
        "a time of at least " + least.toMillis() + " ms, such as 250 ms, 10 s, 5 min, 12 h, 7 d",
        value -> {
          Duration duration = Units.duration(value);
          if (duration.compareTo(least) < 0) {
            throw new IllegalArgumentException();
          }
          return duration;
        });
  }

  /**
   * @param key a key
   * @param otherwise the default in bytes
   * @param least the least allowed
   * @param most the most allowed
   * @return a size in bytes, such as {@code 4096}, {@code 256 KiB}, {@code 1 MiB}
   */
  public int bytes(String key, int otherwise, int least, int most) {
    return parsed(
        key,
        otherwise,
        "a size from " + least + " to " + most + " bytes, such as 4096, 256 KiB, 1 MiB",
        value -> {
          long bytes = Units.bytes(value);
          if (bytes < least || bytes > most) {
            throw new IllegalArgumentException();
          }
          return (int) bytes;
        });
  }

  /**
   * @param key a key
   * @param otherwise the default
   * @param <E> the choices
   * @return the constant whose name, in kebab case, is the value
   */
  public <E extends Enum<E>> E choice(String key, E otherwise) {
    E[] constants = otherwise.getDeclaringClass().getEnumConstants();
    return parsed(
        key,
        otherwise,
        "one of "
            + Arrays.stream(constants).map(SettingsReader::kebab).collect(Collectors.joining(", ")),
        value ->
            Arrays.stream(constants)
                .filter(constant -> kebab(constant).equals(value))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new));
  }

  /**
   * Reads a value of any other type.
   *
   * @param key a key
   * @param otherwise the default
   * @param expected what is expected, for the problem's text
   * @param parse throws {@link IllegalArgumentException} if the value is wrong
   * @param <T> the type
   * @return the value
   */
  public <T> T parsed(String key, T otherwise, String expected, Function<String, T> parse) {
    Optional<String> value = text(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    try {
      return parse.apply(value.get());
    } catch (IllegalArgumentException e) {
      String shown = isSecret(key) ? "(not shown)" : "'" + value.get() + "'";
      problems.add(settings.fullKey(key) + " = " + shown + ": expected " + expected);
      return otherwise;
    }
  }

  /**
   * Notes a problem that lies in more than one value.
   *
   * @param key the key to name
   * @param problem what must be changed
   */
  public void problem(String key, String problem) {
    problems.add(settings.fullKey(key) + ": " + problem);
  }

  /**
   * Leaves keys to somebody else.
   *
   * @param keyPrefix what they begin with
   */
  public void leave(String keyPrefix) {
    leave(key -> key.startsWith(keyPrefix));
  }

  /**
   * Leaves keys to somebody else.
   *
   * @param keys says which
   */
  public void leave(Predicate<String> keys) {
    settings.keys().stream().filter(keys).forEach(read::add);
  }

  /**
   * Ends the reading. Keys that nobody asked for are problems too: typing errors must not pass.
   *
   * @throws ConfigurationException with all problems
   */
  public void finish() {
    for (String key : settings.keys()) {
      if (!read.contains(key)) {
        problems.add(settings.fullKey(key) + ": unknown; known here are " + known());
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  /**
   * @param key a key
   * @return whether its value must not be shown: passwords, keys, secrets, tokens, and URIs, which
   *     may hold a password
   */
  public static boolean isSecret(String key) {
    String last = key.substring(key.lastIndexOf('.') + 1);
    return !last.endsWith("public-key")
        && Stream.of("secret", "password", "key", "token", "uri").anyMatch(last::endsWith);
  }

  private String known() {
    return read.stream().map(settings::fullKey).sorted().collect(Collectors.joining(", "));
  }

  private static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
