package io.pushwire.core;

import io.pushwire.api.PushwireException;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that arrived are not what they should be.
 *
 * @since 0.1
 */
public final class MalformedException extends PushwireException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong with them; never their content
   */
  public MalformedException(String message) {
    super(message);
  }

  /**
   * @param message what is wrong with them; never their content
   * @param cause what the parser said
   */
  public MalformedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
