package io.pushwire.core;

/**
 * What became of an envelope on this node.
 *
 * @since 0.1
 */
public enum Outcome {
  /** Taken for at least one connection. */
  DELIVERED,
  /** No connection of this node belongs to the target (any more). A stored message stays stored. */
  NOBODY_HERE,
  /** It can never be delivered: expired, or not of a kind that this node understands. */
  REJECTED
}
