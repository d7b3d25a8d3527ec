package io.pushwire.endpoint;

/**
 * What becomes of a connection whose outbox is full.
 *
 * @since 0.1
 */
public enum SlowClientPolicy {
  /** It is closed with {@link CloseCode#TOO_SLOW}. */
  CLOSE,
  /** It stays open and loses the oldest whole frames that have not been begun. */
  DROP_OLDEST
}
