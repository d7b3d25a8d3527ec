package io.pushwire.driver.redisqueue;

import io.pushwire.api.Envelope;
import io.pushwire.api.NodeInfo;
import io.pushwire.core.Outcome;
import org.jspecify.annotations.Nullable;

/** One entry of a user's list on its way to his connections. */
final class Item {
  /** So often an entry is refused, or its node dies with it, before it is given up. */
  static final int ATTEMPTS = 5;

  private final byte[] bytes;
  private final @Nullable Envelope envelope;
  private @Nullable String fault;
  private boolean done;
  private int rejections;
  // written by whoever completes the delivery, read when all of the batch have
  volatile @Nullable Outcome outcome;

  /**
   * @param bytes as they stood in the list
   * @param envelope what they say; null if they say nothing
   * @param fault why it is given up; null if it is not
   */
  Item(byte[] bytes, @Nullable Envelope envelope, @Nullable String fault) {
    this.bytes = bytes;
    this.envelope = envelope;
    this.fault = fault;
    this.done = envelope == null && fault == null;
  }

  /** It needs no delivery, as one that has expired. */
  static Item skipped() {
    return new Item(new byte[0], null, null);
  }

  byte[] bytes() {
    return bytes;
  }

  @Nullable Envelope envelope() {
    return envelope;
  }

  /** Why it goes to the dead letters instead. */
  @Nullable String fault() {
    return fault;
  }

  void giveUp(String why) {
    fault = why;
  }

  boolean isDone() {
    return done;
  }

  /** Whether it is done, or will be when its round ends. */
  boolean isWritten() {
    return done || outcome == Outcome.DELIVERED;
  }

  /**
   * Whether its last delivery was the end of it.
   *
   * @param wanted whether the user has a connection on this node
   * @param self this node
   */
  boolean judge(boolean wanted, NodeInfo self) {
    Outcome last = outcome;
    if (done || last == null) {
      return done;
    }
    switch (last) {
      case DELIVERED -> done = true;
      case REJECTED -> {
        if (++rejections == ATTEMPTS) {
          fault = "rejected " + ATTEMPTS + " times";
        }
      }
      // whoever is connected is excepted: nobody else will come for whom it could wait in order
      case NOBODY_HERE -> done = wanted && exceptsConnectionOf(self);
    }
    return done;
  }

  private boolean exceptsConnectionOf(NodeInfo node) {
    return envelope != null
        && envelope.except().stream()
            .anyMatch(id -> NodeInfo.of(id.node(), id.incarnation()).equals(node));
  }
}
