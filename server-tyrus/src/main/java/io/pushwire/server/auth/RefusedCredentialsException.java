package io.pushwire.server.auth;

import io.pushwire.api.PushwireException;

/** What a client shows, or that it shows nothing, does not let it in. */
public final class RefusedCredentialsException extends PushwireException {
  private static final long serialVersionUID = 1L;

  private final boolean shown;

  private RefusedCredentialsException(String message, boolean shown) {
    super(message);
    this.shown = shown;
  }

  /** There is no token. */
  static RefusedCredentialsException missing(String message) {
    return new RefusedCredentialsException(message, false);
  }

  /**
   * There is one, but not a valid one.
   *
   * @param message why; never what the token says
   */
  static RefusedCredentialsException invalid(String message) {
    return new RefusedCredentialsException(message, true);
  }

  /**
   * @return the value of the header {@code WWW-Authenticate} (RFC 6750, section 3)
   */
  public String challenge() {
    return shown ? ApiKey.CHALLENGE + ", error=\"invalid_token\"" : ApiKey.CHALLENGE;
  }
}
