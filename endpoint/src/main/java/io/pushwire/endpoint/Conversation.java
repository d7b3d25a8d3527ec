package io.pushwire.endpoint;

import io.pushwire.api.Payload;
import io.pushwire.core.Connection;
import jakarta.websocket.CloseReason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls to the listener for one connection: in order, one after the other. What is open is
 * called on the thread that brings a message; only what cannot be called there, or comes while
 * another call runs, goes through the executor.
 */
final class Conversation {
  /** So many messages may wait: {@value}. */
  static final int MOST_WAITING = 16;

  private static final Logger log = LoggerFactory.getLogger(Conversation.class);

  private final Connection connection;
  private final ConnectionListener listener;
  private final Executor calls;

  /** Null while nothing waits, as nearly always. Guarded by this, as all below. */
  private @Nullable Deque<Runnable> waiting;

  private boolean open;
  private boolean running;
  private boolean failed;
  private boolean closed;

  Conversation(Connection connection, ConnectionListener listener, Executor calls) {
    this.connection = connection;
    this.listener = listener;
    this.calls = calls;
  }

  Connection connection() {
    return connection;
  }

  /** The bind has completed. Returns at once. */
  void open() {
    synchronized (this) {
      if (closed || failed) {
        return;
      }
      open = true;
      running = true;
      waiting().addFirst(() -> listener.opened(connection));
    }
    calls.execute(this::callAll);
  }

  /** Calls the listener, or waits its turn; blocks while too many wait. */
  void message(Payload payload) {
    Runnable call = () -> messageUnlessFailed(payload);
    synchronized (this) {
      if (open) {
        awaitRoom();
      } else if (!failed && waiting().size() == MOST_WAITING) {
        failed = true;
        waiting = null;
        connection.close(CloseCode.OVERLOAD, "messages before the connection was ready");
      }
      if (failed || closed) {
        return;
      }
      if (!open || running) {
        waiting().add(call);
        return;
      }
      running = true;
    }
    call(call);
    callAll();
  }

  /** The connection has closed; only the first reason counts. Returns at once. */
  void close(CloseReason reason) {
    String phrase = reason.getReasonPhrase() == null ? "" : reason.getReasonPhrase();
    int code = reason.getCloseCode().getCode();
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      notifyAll();
      if (!open) {
        waiting = null;
        return;
      }
      waiting().add(() -> listener.closed(connection, code, phrase));
      if (running) {
        return;
      }
      running = true;
    }
    calls.execute(this::callAll);
  }

  private void callAll() {
    for (Runnable next = next(); next != null; next = next()) {
      call(next);
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable next = waiting == null ? null : waiting.poll();
    if (next == null) {
      waiting = null;
      running = false;
    }
    notifyAll();
    return next;
  }

  private void call(Runnable call) {
    try {
      call.run();
    } catch (Throwable e) { // the application's own failures too must not pass in silence
      log.error(
          "The listener failed for connection {}, closing with {}",
          connection.id(),
          CloseCode.INTERNAL,
          e);
      synchronized (this) {
        failed = true;
        notifyAll();
      }
      connection.close(CloseCode.INTERNAL, "");
    }
  }

  private void messageUnlessFailed(Payload payload) {
    synchronized (this) {
      if (failed) {
        return;
      }
    }
    listener.message(connection, payload);
  }

  private Deque<Runnable> waiting() {
    Deque<Runnable> queue = waiting;
    if (queue == null) {
      queue = new ArrayDeque<>(2);
      waiting = queue;
    }
    return queue;
  }

  private void awaitRoom() {
    boolean interrupted = false;
    while (running && waiting().size() >= MOST_WAITING && !closed && !failed) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
