package io.pushwire.server.transport;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** How many sockets and connections there are. Any thread. */
final class Census {
  private final AtomicInteger sockets = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final CompletableFuture<Void> noConnections = new CompletableFuture<>();
  private final CompletableFuture<Void> noSockets = new CompletableFuture<>();
  private volatile boolean draining;
  private volatile boolean closing;

  /**
   * @return how many there are now
   */
  int socketOpened() {
    return sockets.incrementAndGet();
  }

  void socketClosed() {
    if (sockets.decrementAndGet() == 0 && closing) {
      noSockets.complete(null);
    }
  }

  void connectionAccepted() {
    connections.incrementAndGet();
  }

  void connectionClosed() {
    if (connections.decrementAndGet() == 0 && draining) {
      noConnections.complete(null);
    }
  }

  int connections() {
    return connections.get();
  }

  /** From now on no connection may be accepted. */
  void drain() {
    draining = true;
    if (connections.get() == 0) {
      noConnections.complete(null);
    }
  }

  boolean isDraining() {
    return draining;
  }

  /** Done when the last connection has closed after {@link #drain}. */
  CompletableFuture<Void> noConnections() {
    return noConnections;
  }

  /** No socket is accepted any more. */
  void close() {
    drain();
    closing = true;
    if (sockets.get() == 0) {
      noSockets.complete(null);
    }
  }

  /** Done when the last socket has closed after {@link #close}. */
  CompletableFuture<Void> noSockets() {
    return noSockets;
  }
}
