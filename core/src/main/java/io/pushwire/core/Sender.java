package io.pushwire.core;

import io.pushwire.api.BatchReceipt;
import io.pushwire.api.ClosedException;
import io.pushwire.api.Payload;
import io.pushwire.api.PublishException;
import io.pushwire.api.Receipt;
import io.pushwire.api.SendOptions;
import io.pushwire.api.Target;
import java.util.Collection;
import java.util.concurrent.CompletionStage;

/**
 * Sends messages to users, topics, connections or everyone, whichever node holds them.
 *
 * <p>Any thread may call it; no call blocks. What one thread sends to one target arrives in that
 * order. The stage completes on a thread of the driver when the broker took the message, which says
 * nothing about the user having seen it; dependents must not block that thread.
 *
 * <p>Mistakes are thrown at once: {@link IllegalArgumentException} for a payload over the node's
 * {@code message.max-size}, for a target that applications cannot send to, and for {@link
 * io.pushwire.api.WhenOffline#QUEUE} where it cannot be kept (a driver that stores nothing, or a
 * target that is no user); {@link ClosedException} after the node was closed. What the broker does
 * not take completes the stage with {@link PublishException}.
 *
 * @since 0.1
 */
public interface Sender {
  /**
   * Sends with the driver's defaults.
   *
   * @param target whom it is for
   * @param payload what it carries
   * @return what the broker said
   */
  default CompletionStage<Receipt> send(Target target, Payload payload) {
    return send(target, payload, SendOptions.NONE);
  }

  /**
   * Sends to one target.
   *
   * @param target whom it is for
   * @param payload what it carries
   * @param options how
   * @return what the broker said
   */
  CompletionStage<Receipt> send(Target target, Payload payload, SendOptions options);

  /**
   * Sends one payload to several targets, each once, with a bounded number under way at a time. The
   * stage never fails for the broker's sake: the receipt counts what was not taken.
   *
   * @param targets whom it is for; must not change until the stage completes
   * @param payload what it carries
   * @param options how; the id serves all targets
   * @return what the broker said, summed up
   */
  CompletionStage<BatchReceipt> send(
      Collection<Target> targets, Payload payload, SendOptions options);
}
