package io.pushwire.server.transport;

import io.pushwire.endpoint.CloseCode;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's calls to the application: one after the other, and with a bound on what waits,
 * beyond which the client is not read from. Any thread.
 */
final class Calls {
  /** So many may wait before reading pauses: {@value}. */
  static final int MAX_WAITING = 64;

  /** Payloads of so many bytes may wait before reading pauses: {@value}. */
  static final int MAX_WAITING_BYTES = 256 << 10;

  private static final Logger log = LoggerFactory.getLogger(Calls.class);

  private final NettyConnection connection;

  // all guarded by this
  private @Nullable Queue<Call> waiting; // null while the application has nothing to do
  private int bytes;
  private boolean paused;

  private record Call(int bytes, Runnable body) {}

  Calls(NettyConnection connection) {
    this.connection = connection;
  }

  void add(Executor threads, int size, Runnable body) {
    boolean idle;
    synchronized (this) {
      idle = waiting == null;
      if (waiting == null) {
        waiting = new ArrayDeque<>(4);
      }
      waiting.add(new Call(size, body));
      bytes += size;
      if (!paused && (waiting.size() >= MAX_WAITING || bytes >= MAX_WAITING_BYTES)) {
        paused = true;
        connection.pauseOrResume();
      }
    }
    if (idle) {
      start(threads);
    }
  }

  synchronized boolean isPaused() {
    return paused;
  }

  /** Counts the one that is being made. */
  synchronized int waiting() {
    return waiting == null ? 0 : waiting.size();
  }

  private void start(Executor threads) {
    try {
      threads.execute(() -> run(threads));
    } catch (RejectedExecutionException closed) {
      log.debug("The server has closed before the application heard of it");
    }
  }

  /** Makes some calls, then lets other connections have the thread. */
  private void run(Executor threads) {
    for (int i = 0; i < MAX_WAITING; i++) {
      Call call = peek();
      if (call == null) {
        return;
      }
      make(call);
      if (!remove(call)) {
        return;
      }
    }
    start(threads);
  }

  private synchronized @Nullable Call peek() {
    return waiting == null ? null : waiting.peek();
  }

  /**
   * @return whether there are more
   */
  private synchronized boolean remove(Call done) {
    if (waiting == null) {
      return false;
    }
    waiting.remove();
    bytes -= done.bytes;
    if (paused && waiting.size() <= MAX_WAITING / 2 && bytes <= MAX_WAITING_BYTES / 2) {
      paused = false;
      connection.pauseOrResume();
    }
    if (waiting.isEmpty()) {
      waiting = null;
    }
    return waiting != null;
  }

  private void make(Call call) {
    try {
      call.body.run();
    } catch (RuntimeException | Error e) { // the application's: it must not pass in silence
      log.error("The listener failed, closing connection {}", connection.id(), e);
      connection.close(CloseCode.INTERNAL, "");
    }
  }
}
