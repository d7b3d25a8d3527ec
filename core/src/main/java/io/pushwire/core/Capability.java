package io.pushwire.core;

/**
 * What a driver can do beyond carrying live messages. A claim obliges: the contract test runs its
 * cases.
 *
 * @since 0.1
 */
public enum Capability {
  /** Messages wait for users who are nowhere connected. */
  STORES_FOR_OFFLINE_USERS,
  /** Nothing that was accepted is lost while its node lives; repeats are possible. */
  AT_LEAST_ONCE,
  /** Where messages may have been lost, {@link Delivery#interrupted} is called. */
  REPORTS_LOSS,
  /** A user's messages go only to nodes that subscribed to him. */
  ROUTES_USERS,
  /** Programs that know nothing of Pushwire can send through the broker. */
  FOREIGN_INGRESS
}
