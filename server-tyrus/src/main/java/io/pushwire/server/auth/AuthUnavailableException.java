package io.pushwire.server.auth;

import io.pushwire.api.PushwireException;

/** Who somebody is cannot be told now; later it may. */
public final class AuthUnavailableException extends PushwireException {
  private static final long serialVersionUID = 1L;

  AuthUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  AuthUnavailableException(String message) {
    super(message);
  }
}
