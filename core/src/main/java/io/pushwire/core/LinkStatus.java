package io.pushwire.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a node's probe says of its link to the broker.
 *
 * @since 0.1
 */
public final class LinkStatus {
  private final boolean up;
  private final Instant since;
  private final Optional<Duration> roundTrip;

  LinkStatus(boolean up, Instant since, Optional<Duration> roundTrip) {
    this.up = up;
    this.since = since;
    this.roundTrip = roundTrip;
  }

  /**
   * @return whether messages come through: of two probes in a row at least one came back, or
   *     something else did
   */
  public boolean up() {
    return up;
  }

  /**
   * @return since when it is up or down
   */
  public Instant since() {
    return since;
  }

  /**
   * @return how long the last probe that came back was under way
   */
  public Optional<Duration> roundTrip() {
    return roundTrip;
  }

  @Override
  public String toString() {
    return (up ? "up" : "down") + " since " + since;
  }
}
