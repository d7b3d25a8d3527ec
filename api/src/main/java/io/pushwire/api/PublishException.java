package io.pushwire.api;

import org.jspecify.annotations.Nullable;

/**
 * The broker did not say that it took the message: the link is down, it refused, or it did not
 * answer in time, and then may have taken it all the same. Nothing is kept for a later attempt. Who
 * sends again should give both attempts the same id, so that a node that got both delivers one.
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
