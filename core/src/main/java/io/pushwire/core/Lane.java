package io.pushwire.core;

import io.pushwire.api.Envelope;

/**
 * One event loop's share of a node's connections. Everything that touches the membership or the
 * outboxes of these connections runs on the lane, one task after the other, so that fan-out needs
 * no lock. The endpoint supplies it.
 *
 * @since 0.1
 */
public interface Lane {
  /**
   * Runs a task on the lane, later, never within this call. Tasks given by one thread run in that
   * order. Any thread; returns at once. After the lane has ended tasks are dropped.
   *
   * @param task short and never blocking
   */
  void execute(Runnable task);

  /**
   * Appends a frame with the envelope's payload to the outbox of each member. Called on the lane
   * only. It may hold back the bytes until {@link #flush}, never longer; it never blocks and never
   * throws for the sake of one connection. A member whose outbox is full is treated as the
   * endpoint's policy for slow clients says.
   *
   * @param members the connections; valid until the next {@link #flush} has returned
   * @param envelope what they get
   * @param listener is told what became of each member's frame, unless it is {@link
   *     WriteListener#NONE}
   */
  void write(Members members, Envelope envelope, WriteListener listener);

  /** Ends a batch of writes: the bytes go to the sockets. Called on the lane only. */
  void flush();
}
