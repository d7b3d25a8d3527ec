package io.pushwire.endpoint;

import io.pushwire.api.ConnectionId;
import io.pushwire.core.Counters;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.Stream;

/** The lanes of one endpoint, what they have in common, and their connections. Any thread. */
final class SessionLanes {
  private static final int CLOSERS = 8;
  private static final String GONE = "the node goes away";

  private final int outboxLimit;
  private final SlowClientPolicy slowClient;
  private final Counters counters;
  private final List<SessionLane> lanes;
  private final Set<SessionConnection> open = ConcurrentHashMap.newKeySet();

  /** A container may block in {@code close} until the socket takes the frame: never on a lane. */
  private final ThreadPoolExecutor closers = NamedThreads.pool("pushwire-close-", CLOSERS);

  private volatile boolean closed;

  SessionLanes(
      int count,
      int outboxLimit,
      SlowClientPolicy slowClient,
      Duration sendTimeout,
      Counters counters) {
    this.outboxLimit = outboxLimit;
    this.slowClient = slowClient;
    this.counters = counters;
    NamedThreads threads = new NamedThreads("pushwire-lane-");
    lanes = Stream.generate(() -> new SessionLane(threads, sendTimeout)).limit(count).toList();
    lanes.forEach(SessionLane::start);
  }

  SessionConnection connect(Session session, ConnectionId id, Optional<String> user) {
    SessionLane lane = lanes.get((int) (id.number() % lanes.size()));
    SessionConnection connection =
        new SessionConnection(id, user.orElse(null), session, lane, this);
    open.add(connection);
    if (closed) {
      connection.close(CloseCode.NODE_GONE, GONE);
    }
    return connection;
  }

  int outboxLimit() {
    return outboxLimit;
  }

  SlowClientPolicy slowClient() {
    return slowClient;
  }

  Counters counters() {
    return counters;
  }

  /** Called once for each connection, when it begins to close. */
  void close(SessionConnection connection, Session session, CloseReason reason) {
    open.remove(connection);
    closers.execute(() -> CloseReasons.close(session, reason));
  }

  /** Closes all connections; returns when that is done, or at the deadline. */
  void closeConnections(long deadlineNanos) {
    closed = true;
    open.forEach(connection -> connection.close(CloseCode.NODE_GONE, GONE));
    NamedThreads.end(closers, deadlineNanos);
  }

  void end(long deadlineNanos) {
    lanes.forEach(SessionLane::end);
    lanes.forEach(lane -> lane.awaitEnd(deadlineNanos));
  }
}
