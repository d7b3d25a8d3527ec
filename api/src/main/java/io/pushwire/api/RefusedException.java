package io.pushwire.api;

import org.jspecify.annotations.Nullable;

/**
 * The broker refuses a subscription and will go on refusing it: an access rule, or a name it cannot
 * have. A link that is merely down refuses nothing.
 *
 * @since 0.1
 */
public final class RefusedException extends PushwireException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was asked for and why it is refused
   * @param cause the broker client's exception
   */
  public RefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
