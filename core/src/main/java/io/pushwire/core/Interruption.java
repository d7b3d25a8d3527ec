package io.pushwire.core;

import java.time.Duration;
import java.time.Instant;

/**
 * A time in which messages may have been missed.
 *
 * @since 0.1
 */
public final class Interruption {
  private final Instant since;
  private final Instant until;
  private final String reason;

  private Interruption(Instant since, Instant until, String reason) {
    this.since = since;
    this.until = until;
    this.reason = reason;
  }

  /**
   * @param since when it began, or the last moment at which all was well
   * @param until when all was subscribed again
   * @param reason what happened, for the log
   * @return the interruption
   */
  public static Interruption of(Instant since, Instant until, String reason) {
    return new Interruption(since, until, reason);
  }

  /**
   * @return when it began, or the last moment at which all was well
   */
  public Instant since() {
    return since;
  }

  /**
   * @return when all was subscribed again
   */
  public Instant until() {
    return until;
  }

  /**
   * @return how long it lasted
   */
  public Duration duration() {
    return Duration.between(since, until);
  }

  /**
   * @return what happened
   */
  public String reason() {
    return reason;
  }

  @Override
  public String toString() {
    return reason + ", " + duration().toMillis() + " ms since " + since;
  }
}
