package io.pushwire.server;

import io.pushwire.api.ConfigurationException;
import io.pushwire.core.Settings;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings from all their sources, each with the knowledge where it came from: command line
 * over system property over environment over file over default. Values are taken as they stand;
 * nothing is expanded in them. Immutable.
 */
final class Configuration {
  private static final String PREFIX = "pushwire.";
  private static final String DEFAULT = "default";
  private static final String ENVIRONMENT = "environment variable ";
  private static final String SYSTEM_PROPERTY = "system property";
  private static final String COMMAND_LINE = "command line";

  /** A problem begins with its key, if it lies in one. */
  private static final Pattern KEY_OF_PROBLEM = Pattern.compile("([a-z][a-z0-9.-]*)(?: ?=|: )");

  private final SmallRyeConfig config;
  private final String fileName;
  private final Set<String> keys = new TreeSet<>();
  private final Environment environment;
  private final List<String> problems = new ArrayList<>();

  /**
   * @param file the values of a file; its name is their source
   * @param fileName how to call it
   * @param environment all environment variables
   * @param system all system properties
   * @param commandLine what was given by {@code --set}
   */
  Configuration(
      Map<String, String> file,
      String fileName,
      Map<String, String> environment,
      Map<String, String> system,
      Map<String, String> commandLine) {
    this.fileName = fileName;
    this.environment = new Environment(environment);
    Map<String, String> properties = new TreeMap<>();
    system.forEach(
        (key, value) -> {
          if (key.startsWith(PREFIX)) {
            properties.put(key.substring(PREFIX.length()), value);
          }
        });
    config =
        new SmallRyeConfigBuilder()
            .withSources(
                source(Key.defaults(), 100),
                source(file, 200),
                new EnvConfigSource(this.environment.values(), 300),
                source(properties, 400),
                source(commandLine, 500))
            .build();
    check(file, fileName);
    check(properties, SYSTEM_PROPERTY);
    check(commandLine, COMMAND_LINE);
    keys.addAll(Key.defaults().keySet());
  }

  /**
   * @return the settings; only keys that somebody may read are listed in it
   */
  Settings settings() {
    return Settings.of(keys, this::value);
  }

  /**
   * @return what is wrong with the keys themselves
   */
  List<String> problems() {
    return List.copyOf(problems);
  }

  /**
   * @return what is odd, but must not keep the server from starting
   */
  List<String> warnings() {
    return environment.warnings();
  }

  /**
   * Runs a reading of the settings.
   *
   * @param reading throws {@link ConfigurationException} for what is wrong with the values
   * @param <T> what it makes
   * @return what it made
   * @throws ConfigurationException with all that is wrong, and where it came from
   */
  <T> T read(Supplier<T> reading) {
    List<String> all = new ArrayList<>(problems);
    try {
      T result = reading.get();
      if (all.isEmpty()) {
        return result;
      }
    } catch (ConfigurationException e) {
      e.problems().forEach(problem -> all.add(withSource(problem)));
    }
    throw new ConfigurationException(all);
  }

  /**
   * @return all keys in force, with their values and sources, secrets masked
   */
  List<String> lines() {
    Map<String, String> shown = new LinkedHashMap<>();
    for (Key key : Key.ALL) {
      if (!key.isPattern()) {
        shown.put(key.name(), line(key.name()));
      }
    }
    keys.stream().filter(Key::isDrivers).forEach(key -> shown.put(key, line(key)));
    environment.values().keySet().stream()
        .filter(Environment::isDrivers)
        .filter(name -> shown.keySet().stream().noneMatch(key -> Key.variable(key).equals(name)))
        .forEach(
            name ->
                shown.put(name, line(name, environment.values().get(name), ENVIRONMENT.strip())));
    return List.copyOf(shown.values());
  }

  private String line(String key) {
    return line(key, value(key), origin(key));
  }

  private static String line(String key, @Nullable String value, String origin) {
    String shown = Secrets.mask(key, value == null ? "" : value);
    return String.format("%-40s # %s", (key + " = " + shown).stripTrailing(), origin);
  }

  private @Nullable String value(String key) {
    return config.getConfigValue(PREFIX + key).getValue();
  }

  private String origin(String key) {
    return switch (config.getConfigValue(PREFIX + key).getConfigSourceOrdinal()) {
      case 200 -> fileName;
      case 300 -> ENVIRONMENT + Key.variable(key);
      case 400 -> SYSTEM_PROPERTY + " " + PREFIX + key;
      case 500 -> COMMAND_LINE;
      default -> DEFAULT;
    };
  }

  private String withSource(String problem) {
    Matcher key = KEY_OF_PROBLEM.matcher(problem);
    return key.lookingAt() && value(key.group(1)) != null
        ? problem + " (from " + origin(key.group(1)) + ")"
        : problem;
  }

  private void check(Map<String, String> given, String source) {
    for (String key : new TreeSet<>(given.keySet())) {
      if (Key.isKnown(key)) {
        keys.add(key);
      } else {
        problems.add(
            key
                + ": there is no such key (from "
                + source
                + ")"
                + Key.near(key)
                    .map(near -> "; did you mean " + near + "?")
                    .orElse("; --help lists all"));
      }
    }
  }

  private static PropertiesConfigSource source(Map<String, String> keys, int ordinal) {
    Map<String, String> prefixed = new TreeMap<>();
    keys.forEach((key, value) -> prefixed.put(PREFIX + key, value));
    return new PropertiesConfigSource(prefixed, String.valueOf(ordinal), ordinal);
  }
}
