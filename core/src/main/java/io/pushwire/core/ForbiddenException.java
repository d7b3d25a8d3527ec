package io.pushwire.core;

import io.pushwire.api.PushwireException;

/**
 * A message says what its sender may not say.
 *
 * @since 0.1
 */
public final class ForbiddenException extends PushwireException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what it said; never its payload
   */
  public ForbiddenException(String message) {
    super(message);
  }
}
