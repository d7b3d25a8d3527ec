package io.pushwire.core;

/**
 * Is told what became of an envelope's frames: one call for each member it was written to, on the
 * lane.
 *
 * @since 0.1
 */
public interface WriteListener {
  /** Wants to know nothing; lanes spare the bookkeeping. */
  WriteListener NONE =
      new WriteListener() {
        @Override
        public void written(Connection connection) {}

        @Override
        public void failed(Connection connection) {}
      };

  /**
   * The operating system took the whole frame.
   *
   * @param connection whose frame it was
   */
  void written(Connection connection);

  /**
   * The connection closed, or dropped the frame as a slow client, before it was written.
   *
   * @param connection whose frame it was
   */
  void failed(Connection connection);
}
