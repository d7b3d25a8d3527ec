package io.pushwire.testkit;

/** How much a case does: what fits two cores, or with {@code -Dpushwire.long=true} all of it. */
final class Scale {
  private static final boolean LONG = Boolean.getBoolean("pushwire.long");

  private Scale() {}

  static int of(int normal, int full) {
    return LONG ? full : normal;
  }
}
