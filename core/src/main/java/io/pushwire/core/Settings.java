package io.pushwire.core;

import io.pushwire.api.ConfigurationException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Key-values as given, seen from below a prefix. Immutable. {@link #reader} turns them into typed
 * values and collects every problem on the way.
 *
 * @since 0.1
 */
public final class Settings {
  private final String prefix;
  private final Set<String> keys;
  private final Function<String, @Nullable String> lookup;

  private Settings(String prefix, Set<String> keys, Function<String, @Nullable String> lookup) {
    this.prefix = prefix;
    this.keys = keys;
    this.lookup = lookup;
  }

  /**
   * @param values all keys and values
   * @return the settings
   */
  public static Settings of(Map<String, String> values) {
    Map<String, String> copy = Map.copyOf(values);
    return new Settings("", copy.keySet(), copy::get);
  }

  /**
   * For sources that can look a key up but cannot list it, as environment variables.
   *
   * @param keys the keys that can be listed: each must be read by somebody, or is a problem
   * @param lookup finds any key's value, or null
   * @return the settings
   */
  public static Settings of(Set<String> keys, Function<String, @Nullable String> lookup) {
    return new Settings("", Set.copyOf(keys), lookup);
  }

  /**
   * @param name a part of the key, without its dot
   * @return the settings whose keys begin with it
   */
  public Settings below(String name) {
    return new Settings(prefix + name + ".", keys, lookup);
  }

  /**
   * @return the keys that can be listed, in order, without the prefix
   */
  public Set<String> keys() {
    Set<String> mine = new TreeSet<>();
    for (String key : keys) {
      if (key.startsWith(prefix)) {
        mine.add(key.substring(prefix.length()));
      }
    }
    return mine;
  }

  /**
   * @return reads these settings; {@link SettingsReader#finish} throws {@link
   *     ConfigurationException} with all that is wrong
   */
  public SettingsReader reader() {
    return new SettingsReader(this);
  }

  @Nullable String value(String key) {
    String value = lookup.apply(prefix + key);
    return value == null ? null : value.strip();
  }

  String fullKey(String key) {
    return prefix + key;
  }
}
