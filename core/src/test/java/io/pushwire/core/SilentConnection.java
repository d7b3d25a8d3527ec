package io.pushwire.core;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.Envelope;
import java.util.Optional;

/** A connection that nothing is written to. */
record SilentConnection(ConnectionId id, Optional<String> user, Lane lane) implements Connection {
  static final Lane LANE =
      new Lane() {
        @Override
        public void execute(Runnable task) {}

        @Override
        public void write(Members members, Envelope envelope, WriteListener listener) {}

        @Override
        public void flush() {}
      };

  @Override
  public void close(int code, String reason) {}
}
