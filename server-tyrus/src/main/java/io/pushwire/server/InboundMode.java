package io.pushwire.server;

import java.util.Locale;

/** What becomes of what clients say. */
enum InboundMode {
  /** Nothing. */
  IGNORE,
  /** Every connection of every node gets it. */
  EVERYONE,
  /** The members of the one topic that the client joined get it. */
  TOPIC;

  /**
   * @return as it stands in settings
   */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
