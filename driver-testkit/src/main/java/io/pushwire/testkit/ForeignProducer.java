package io.pushwire.testkit;

import io.pushwire.api.Target;

/**
 * A program that knows nothing of Pushwire and writes to the broker in the way that the driver
 * documents for such programs. Should not be Java, and not the driver's own client: a command line
 * tool proves more. Each call blocks until the broker has taken the message.
 *
 * @since 0.1
 */
public interface ForeignProducer extends AutoCloseable {
  /**
   * @param target a user, a topic, or everyone
   * @return whether the driver's default ingress has a place that stands for this target: {@code
   *     pub.orders} for topic {@code orders}, {@code ws.notice} for everyone
   */
  boolean reaches(Target target);

  /**
   * Writes a message to the place that stands for a target.
   *
   * @param target one that it {@link #reaches}
   * @param bytes the whole message, to be written as it is: raw, or with a {@code PW1} line
   */
  void send(Target target, byte[] bytes);

  /**
   * @param target one that it {@link #reaches}
   * @return whether its place is fixed, as a queue or channel named in the configuration, so that a
   *     {@code PW1} line may name any other target; where the place's name holds the target,
   *     another one is refused
   */
  boolean mayNameOthers(Target target);

  /**
   * @param target one that it {@link #reaches}
   * @return whether nodes write to the same place, as to a user's list; then an internal envelope
   *     there is no forgery, but reaches only that target. Elsewhere it is refused
   */
  default boolean sharedWithNodes(Target target) {
    return false;
  }

  /** Ends the program, if it runs. */
  @Override
  default void close() {}
}
