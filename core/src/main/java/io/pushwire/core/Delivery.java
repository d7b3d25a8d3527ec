package io.pushwire.core;

import io.pushwire.api.Envelope;
import java.util.concurrent.CompletionStage;

/**
 * Takes what a driver receives. No call blocks or throws.
 *
 * @since 0.1
 */
public interface Delivery {
  /**
   * Hands an envelope to the connections of its target. A driver calls this serially and in order
   * for one target; different targets may come from different threads.
   *
   * <p>A live envelope is {@link Outcome#DELIVERED} as soon as every lane's bounded hand-over took
   * it, so that one slow client cannot hold up the broker; what a full hand-over drops is counted
   * and reported as an interruption. A stored one is {@code DELIVERED} at the first completed write
   * to a socket. A driver acknowledges to its broker when the stage completes, whatever the outcome
   * stands for.
   *
   * @param envelope what arrived
   * @param arrival how it arrived
   * @return what became of it; never fails
   */
  CompletionStage<Outcome> deliver(Envelope envelope, Arrival arrival);

  /**
   * Reports that messages may be missing. Called once the link is back and all is subscribed again.
   *
   * @param interruption since when, and why
   */
  void interrupted(Interruption interruption);
}
