package io.pushwire.server.transport;

/** What becomes of a connection whose outbox is full. */
public enum SlowClientPolicy {
  /** It is closed with {@link io.pushwire.endpoint.CloseCode#TOO_SLOW}. */
  CLOSE,
  /** It stays open and loses the oldest whole frames of which nothing has been written yet. */
  DROP_OLDEST
}
