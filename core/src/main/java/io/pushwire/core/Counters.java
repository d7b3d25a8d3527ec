package io.pushwire.core;

import java.util.Locale;

/**
 * Counts what passes through a node. Any thread; must be cheap and never throw.
 *
 * @since 0.1
 */
public interface Counters {
  /** Why something was dropped; the text is the metric's label. */
  enum Reason {
    /** Its time to live was over. */
    EXPIRED,
    /** The same id had been delivered to the same target before. */
    DUPLICATE,
    /** No connection here belonged to the target. */
    NOBODY,
    /** It could not be read. */
    MALFORMED,
    /**
     * It was not allowed: an internal form from a foreign producer, a target beyond its channel.
     */
    FORBIDDEN,
    /** A bounded hand-over on its way was full. */
    OVERFLOW,
    /** A client's outbox was full. */
    SLOW_CLIENT,
    /** The most messages that may wait for a user was exceeded. */
    STORED_LIMIT;

    /**
     * @return the name in lower case, words joined by a hyphen
     */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Counts nothing. */
  Counters NONE =
      new Counters() {
        @Override
        public void published() {}

        @Override
        public void delivered(int connections) {}

        @Override
        public void dropped(Reason reason, long count) {}

        @Override
        public void interrupted() {}

        @Override
        public void stored() {}

        @Override
        public void dead() {}
      };

  /** The broker took a message of this node. */
  void published();

  /**
   * A message was put into outboxes.
   *
   * @param connections how many
   */
  void delivered(int connections);

  /**
   * Something was dropped.
   *
   * @param reason why
   * @param count how much
   */
  void dropped(Reason reason, long count);

  /** Messages may have been missed. */
  void interrupted();

  /** A message of this node was stored for a user. */
  void stored();

  /** A stored message was given up and moved to the dead letters. */
  void dead();

  /** A message was delivered that had waited for its user to connect. */
  default void deliveredLate() {}
}
