package io.pushwire.core;

import io.pushwire.api.ConfigurationException;
import io.pushwire.api.PushwireException;
import java.util.Set;

/**
 * Makes a driver; found by {@link java.util.ServiceLoader}. Has a public constructor without
 * arguments that does no work.
 *
 * @since 0.1
 */
public interface MessageDriverProvider {
  /**
   * @return the name that {@code driver=} chooses it by, in kebab case
   */
  String name();

  /**
   * @return what its drivers can do
   */
  Set<Capability> capabilities();

  /**
   * Connects to the broker. May block for some seconds.
   *
   * @param context the node, and what the driver calls
   * @return a driver that is connected and ready
   * @throws ConfigurationException if its settings are wrong; lists all problems
   * @throws PushwireException if the broker cannot be reached; the message says what was tried and
   *     what to do. With {@code driver.lazy=true} the node starts all the same and tries again
   */
  MessageDriver open(DriverContext context);
}
