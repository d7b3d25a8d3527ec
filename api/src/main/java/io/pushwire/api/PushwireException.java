package io.pushwire.api;

import org.jspecify.annotations.Nullable;

/**
 * Root of what Pushwire itself reports. Mistakes in the calling code are the JDK's own {@link
 * IllegalArgumentException} and {@link IllegalStateException} instead.
 *
 * @since 0.1
 */
public class PushwireException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was tried, on what, and what to do now
   */
  public PushwireException(String message) {
    super(message);
  }

  /**
   * @param message what was tried, on what, and what to do now
   * @param cause the client library's exception, with its words
   */
  public PushwireException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
