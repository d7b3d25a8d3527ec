package io.pushwire.core;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads quantities as people write them: a whole number and a unit. */
final class Units {
  private static final Pattern QUANTITY = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]*)");

  private Units() {}

  /**
   * @throws IllegalArgumentException if it is no time
   */
  static Duration duration(String text) {
    Matcher quantity = quantity(text);
    long millis =
        switch (unit(quantity)) {
          case "ms" -> 1L;
          case "s" -> 1000L;
          case "m", "min" -> 60_000L;
          case "h" -> 3_600_000L;
          case "d" -> 86_400_000L;
          default -> throw new IllegalArgumentException();
        };
    return Duration.ofMillis(times(quantity, millis));
  }

  /**
   * @throws IllegalArgumentException if it is no size
   */
  static long bytes(String text) {
    Matcher quantity = quantity(text);
    long bytes =
        switch (unit(quantity)) {
          case "", "b" -> 1L;
          case "kib", "k", "kb" -> 1024L;
          case "mib", "m", "mb" -> 1024L * 1024;
          default -> throw new IllegalArgumentException();
        };
    return times(quantity, bytes);
  }

  private static Matcher quantity(String text) {
    Matcher matcher = QUANTITY.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException();
    }
    return matcher;
  }

  private static String unit(Matcher quantity) {
    return quantity.group(2).toLowerCase(Locale.ROOT);
  }

  private static long times(Matcher quantity, long unit) {
    try {
      return Math.multiplyExact(Long.parseLong(quantity.group(1)), unit);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
