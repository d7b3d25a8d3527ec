package io.pushwire.api;

import org.jspecify.annotations.Nullable;

/**
 * The broker did not take the message: the link is down, it did not answer in time, or it refused.
 * Nothing is kept for a later attempt; sending again with the same id is safe.
 *
 * @since 0.1
 */
public final class PublishException extends PushwireException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was tried, on what, and what to do now
   */
  public PublishException(String message) {
    super(message);
  }

  /**
   * @param message what was tried, on what, and what to do now
   * @param cause the broker client's exception
   */
  public PublishException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
