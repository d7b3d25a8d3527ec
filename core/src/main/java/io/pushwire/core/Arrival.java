package io.pushwire.core;

/**
 * How an envelope arrived.
 *
 * @since 0.1
 */
public final class Arrival {
  /** It was not stored: if nobody takes it now, it is gone. */
  public static final Arrival LIVE = new Arrival(false, false);

  /** It is stored until the driver acknowledges it. */
  public static final Arrival STORED = new Arrival(true, false);

  /** It is stored, and has been handed to a node before. */
  public static final Arrival REDELIVERED = new Arrival(true, true);

  private final boolean stored;
  private final boolean redelivered;

  private Arrival(boolean stored, boolean redelivered) {
    this.stored = stored;
    this.redelivered = redelivered;
  }

  /**
   * @return whether it is stored until the driver acknowledges it
   */
  public boolean stored() {
    return stored;
  }

  /**
   * @return whether it may have been delivered before
   */
  public boolean redelivered() {
    return redelivered;
  }

  @Override
  public String toString() {
    return stored ? (redelivered ? "redelivered" : "stored") : "live";
  }
}
