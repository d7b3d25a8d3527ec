package io.pushwire.core;

import java.io.IOException;
import java.util.concurrent.CompletionStage;

/**
 * What a {@link LinkKeeper} asks of the driver that it keeps a link for. Calls of {@link #up} and
 * {@link #down} come one after the other, from the keeper's executor or whoever starts and closes
 * it; up returns at once.
 *
 * @param <L> the kind of link
 * @since 0.1
 */
public interface LinkOwner<L> {
  /**
   * Opens a link. May block if the keeper's executor has a thread to spare.
   *
   * @return the link, in bounded time; fails if the broker cannot be reached
   * @throws IOException likewise
   * @throws InterruptedException if it was interrupted
   */
  CompletionStage<L> open() throws IOException, InterruptedException;

  /**
   * A link is open: all that is wanted is to be subscribed on it.
   *
   * @param link the link in use from now on
   * @return completes when that has been done; if it cannot be, the link is to be called lost, or
   *     an exception thrown, which comes to the same
   */
  CompletionStage<Void> up(L link);

  /**
   * A link was lost, and is to be closed. May block as {@link #open} may.
   *
   * @param link the link; one that was opened too late has never been up
   * @param why for whom it concerns
   */
  void down(L link, String why);

  /**
   * After a loss all is subscribed again.
   *
   * @param gap since when messages were missed
   */
  default void restored(Interruption gap) {}
}
