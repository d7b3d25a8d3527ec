package io.pushwire.core;

import io.pushwire.api.ConnectionId;
import java.util.Optional;

/**
 * One open WebSocket, as core sees it. The endpoint supplies it.
 *
 * @since 0.1
 */
public interface Connection {
  /**
   * @return its name in the cluster, from {@link ConnectionRegistry#newId}
   */
  ConnectionId id();

  /**
   * @return whom it belongs to; empty: anonymous, reached by its topics, its id, and everyone
   */
  Optional<String> user();

  /**
   * @return the lane that writes to it; always the same
   */
  Lane lane();

  /**
   * Begins to close it. Any thread, returns at once; a second call does nothing. What is pending in
   * its outbox may be lost.
   *
   * @param code the WebSocket close code: 1000 to 1013 but those reserved, or 3000 to 4999
   * @param reason what does not fit into 123 bytes of UTF-8 is cut
   */
  void close(int code, String reason);
}
