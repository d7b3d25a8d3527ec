package io.pushwire.api;

/**
 * Something was asked of a node or driver that has been closed.
 *
 * @since 0.1
 */
public final class ClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * @param what what is closed
   */
  public ClosedException(String what) {
    super(what + " is closed");
  }
}
