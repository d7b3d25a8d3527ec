package io.pushwire.server;

import io.pushwire.core.SettingsReader;
import java.util.Locale;
import java.util.regex.Pattern;

/** Keeps what must not be shown out of what is printed. */
final class Secrets {
  private static final String MASK = "***";

  /** Up to the last @, since a password may hold one: hiding too much does no harm. */
  private static final Pattern USER_INFO = Pattern.compile("://\\S*@");

  private static final Pattern PARAMETER =
      Pattern.compile(
          "([?&;][^=&;]*(?:pass|secret|token|key)[^=&;]*=)[^&;]*", Pattern.CASE_INSENSITIVE);

  private Secrets() {}

  /**
   * @param key a key, or the name of an environment variable
   * @param value its value
   * @return the value without passwords, keys, secrets and tokens
   */
  static String mask(String key, String value) {
    String name = key.toLowerCase(Locale.ROOT).replace('_', '-');
    if (value.isEmpty() || (SettingsReader.isSecret(name) && !name.endsWith("uri"))) {
      return value.isEmpty() ? "" : MASK;
    }
    String masked = USER_INFO.matcher(value).replaceAll("://" + MASK + "@");
    return PARAMETER.matcher(masked).replaceAll("$1" + MASK);
  }
}
