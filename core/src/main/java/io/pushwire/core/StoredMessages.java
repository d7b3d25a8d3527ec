package io.pushwire.core;

import io.pushwire.api.PushwireException;
import java.util.concurrent.CompletionStage;

/**
 * Looks at the messages that wait for users. A driver that claims {@link
 * Capability#STORES_FOR_OFFLINE_USERS} may implement it beside {@link MessageDriver}; {@link
 * PushwireNode#storedMessages} finds it.
 *
 * @since 0.1
 */
public interface StoredMessages {
  /**
   * Counts without changing anything. Any thread, returns at once.
   *
   * @param user a user
   * @return how many messages wait for him, those included that are on their way to his connections
   *     but not acknowledged; fails with {@link PushwireException} if the broker does not answer
   */
  CompletionStage<Long> waiting(String user);
}
