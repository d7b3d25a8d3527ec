package io.pushwire.api;

/**
 * What becomes of a message for a user who is nowhere connected.
 *
 * @since 0.1
 */
public enum WhenOffline {
  /** It is dropped. */
  DROP,
  /** It waits for the user. Only on drivers that store messages. */
  QUEUE
}
