package io.pushwire.core;

import io.pushwire.api.ClosedException;
import io.pushwire.api.PublishException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Publishes on a link: at once or not at all, and with a bound on what the broker has not answered
 * for. Any thread.
 *
 * @param <L> the kind of link
 * @since 0.1
 */
public final class LinkPublisher<L> {
  private static final int MESSAGE_BYTES = 512; // what waiting costs beside the message itself

  private final LinkKeeper<L> links;
  private final long limit;
  private final String hint;
  private final AtomicLong underWay = new AtomicLong();

  /**
   * @param links keeps the link
   * @param limit the most bytes that may be under way
   * @param hint what to do when there are more
   */
  public LinkPublisher(LinkKeeper<L> links, long limit, String hint) {
    this.links = links;
    this.limit = limit;
    this.hint = hint;
  }

  /**
   * Returns at once.
   *
   * @param bytes the size of the message
   * @param publish is given the link; completes when the broker has taken the message
   * @param <T> what the broker answers
   * @return the answer; fails with {@link PublishException} if there is none, at once if there is
   *     no link or too much is under way; with {@link ClosedException} after close
   */
  public <T> CompletionStage<T> publish(int bytes, Function<L, CompletionStage<T>> publish) {
    L link = links.current();
    if (link == null) {
      return CompletableFuture.failedStage(links.away());
    }
    long cost = (long) MESSAGE_BYTES + bytes;
    if (underWay.addAndGet(cost) > limit) {
      underWay.addAndGet(-cost);
      return CompletableFuture.failedStage(
          new PublishException("More than " + limit + " bytes wait for the broker: " + hint));
    }
    return answer(link, publish)
        .whenComplete((done, e) -> underWay.addAndGet(-cost))
        .exceptionallyCompose(LinkPublisher::notTaken);
  }

  private static <L, T> CompletionStage<T> answer(L link, Function<L, CompletionStage<T>> publish) {
    try {
      return publish.apply(link);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private static <T> CompletionStage<T> notTaken(Throwable thrown) {
    Throwable e =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    return CompletableFuture.failedStage(
        e instanceof PublishException
            ? e
            : new PublishException(
                "The broker did not take it: "
                    + e.getMessage()
                    + ". Send it again, with the same id",
                e));
  }
}
