package io.pushwire.endpoint;

import io.pushwire.core.Connection;
import io.pushwire.core.WriteListener;

/** A frame in one connection's outbox, and who wants to know what becomes of it. */
final class PendingFrame {
  private final Frame frame;
  private final WriteListener listener;

  PendingFrame(Frame frame, WriteListener listener) {
    this.frame = frame;
    this.listener = listener;
  }

  Frame frame() {
    return frame;
  }

  void written(Connection connection) {
    listener.written(connection);
  }

  void failed(Connection connection) {
    listener.failed(connection);
  }
}
