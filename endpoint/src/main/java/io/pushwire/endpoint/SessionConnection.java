package io.pushwire.endpoint;

import io.pushwire.api.ConnectionId;
import io.pushwire.core.Connection;
import io.pushwire.core.Counters;
import io.pushwire.core.Lane;
import io.pushwire.core.WriteListener;
import jakarta.websocket.CloseReason;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session with its outbox. Exactly one frame is given to the container at a time; the others wait
 * here, where they are counted, and not in the container's queue, which may have no bound. All but
 * {@link #close} and the accessors is used on the lane only.
 */
final class SessionConnection implements Connection {
  private static final Logger log = LoggerFactory.getLogger(SessionConnection.class);

  private final ConnectionId id;
  private final @Nullable String user;
  private final Session session;
  private final SessionLane lane;
  private final SessionLanes lanes;
  private final CompletableFuture<CloseReason> ended = new CompletableFuture<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  private final Queue<PendingFrame> outbox = new ArrayDeque<>(1);
  private @Nullable PendingFrame inFlight;
  private long sentAt;
  private boolean pumping;

  /** Of the frames in the outbox and of the one in flight. */
  private long bytes;

  SessionConnection(
      ConnectionId id,
      @Nullable String user,
      Session session,
      SessionLane lane,
      SessionLanes lanes) {
    this.id = id;
    this.user = user;
    this.session = session;
    this.lane = lane;
    this.lanes = lanes;
  }

  @Override
  public ConnectionId id() {
    return id;
  }

  @Override
  public Optional<String> user() {
    return Optional.ofNullable(user);
  }

  @Override
  public Lane lane() {
    return lane;
  }

  @Override
  public void close(int code, String reason) {
    CloseReason closeReason = CloseReasons.of(code, reason);
    if (closed.compareAndSet(false, true)) {
      // not for the container's onClose to say: it may wait for a client that never answers
      lane.execute(() -> end(closeReason));
      lanes.close(this, session, closeReason);
    }
  }

  /** Hears why this side closed, or that it heard of a close; off the caller's thread. */
  void whenEnded(Consumer<CloseReason> action) {
    ended.thenAccept(action);
  }

  private void end(CloseReason reason) {
    abandon();
    lanes.registry().unbind(this);
    ended.complete(reason);
  }

  void write(Frame frame, WriteListener listener) {
    PendingFrame pending = new PendingFrame(frame, listener);
    if (closed.get()) {
      pending.failed(this);
      return;
    }
    int cost = frame.cost();
    if (lanes.slowClient() == SlowClientPolicy.DROP_OLDEST) {
      for (PendingFrame oldest; isFull(cost) && (oldest = outbox.poll()) != null; ) {
        bytes -= oldest.frame().cost();
        lanes.counters().dropped(Counters.Reason.SLOW_CLIENT, 1);
        oldest.failed(this);
      }
    }
    if (isFull(cost)) {
      lanes.counters().dropped(Counters.Reason.SLOW_CLIENT, 1);
      if (lanes.slowClient() == SlowClientPolicy.CLOSE) {
        log.debug("Connection {} reads too slowly: {} bytes wait", id, bytes);
        close(CloseCode.TOO_SLOW, "too slow");
      }
      pending.failed(this);
      return;
    }
    bytes += cost;
    outbox.add(pending);
    pump();
  }

  /** Whether the frame in flight was given to the container before that. */
  boolean sentBefore(long nanoTime) {
    return sentAt - nanoTime < 0;
  }

  void timedOut() {
    log.debug("Connection {} did not take a frame in time", id);
    lanes.counters().dropped(Counters.Reason.SLOW_CLIENT, 1);
    close(CloseCode.TOO_SLOW, "too slow");
    abandon();
  }

  /** Fails whatever has not been written. */
  void abandon() {
    lane.sending(this, false);
    PendingFrame unanswered = inFlight;
    inFlight = null;
    if (unanswered != null) {
      unanswered.failed(this);
    }
    for (PendingFrame next; (next = outbox.poll()) != null; ) {
      next.failed(this);
    }
    bytes = 0;
  }

  /** A frame that is larger than the whole outbox still goes when nothing else waits. */
  private boolean isFull(int cost) {
    return bytes > 0 && bytes + cost > lanes.outboxLimit();
  }

  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      while (inFlight == null && !closed.get()) {
        PendingFrame next = outbox.poll();
        if (next == null) {
          break;
        }
        send(next);
      }
    } finally {
      pumping = false;
    }
  }

  private void send(PendingFrame next) {
    inFlight = next;
    try {
      next.frame()
          .send(
              session,
              result -> {
                if (lane.isCurrentThread()) {
                  sent(next, result);
                } else {
                  lane.execute(() -> sent(next, result));
                }
              });
    } catch (RuntimeException e) {
      // closed meanwhile, or the application uses the session on its own: not the others' trouble
      sent(next, new SendResult(session, e));
      return;
    }
    if (inFlight == next) {
      sentAt = System.nanoTime();
      lane.sending(this, true);
    }
  }

  private void sent(PendingFrame done, SendResult result) {
    if (inFlight != done) {
      return;
    }
    inFlight = null;
    bytes -= done.frame().cost();
    lane.sending(this, false);
    if (result.isOK()) {
      done.written(this);
      pump();
    } else {
      log.debug("Connection {} could not be written to", id, result.getException());
      done.failed(this);
      close(CloseCode.INTERNAL, "");
    }
  }
}
