package io.pushwire.endpoint;

import io.pushwire.api.ConnectionId;
import io.pushwire.core.ConnectionRegistry;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lanes of one endpoint, what they have in common, and their connections. Any thread. */
final class SessionLanes {
  private static final Logger log = LoggerFactory.getLogger(SessionLanes.class);
  private static final int CLOSERS = 8;
  private static final String GONE = "the node goes away";

  /** A container that waits longer for a close frame to go out hangs up. */
  private static final long HANG_UP_MILLIS = 5_000;

  private final ConnectionRegistry registry;
  private final int outboxLimit;
  private final SlowClientPolicy slowClient;
  private final Counters counters;
  private final List<SessionLane> lanes;
  private final Set<SessionConnection> open = ConcurrentHashMap.newKeySet();

  /** A container may block in {@code close} until the socket takes the frame: never on a lane. */
  private final ThreadPoolExecutor closers = NamedThreads.pool("pushwire-close-", CLOSERS);

  private volatile boolean closed;

  SessionLanes(
      ConnectionRegistry registry,
      int count,
      int outboxLimit,
      SlowClientPolicy slowClient,
      Duration sendTimeout,
      Counters counters) {
    this.registry = registry;
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

  ConnectionRegistry registry() {
    return registry;
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
    closers.execute(() -> hangUp(session, reason));
  }

  private static void hangUp(Session session, CloseReason reason) {
    try {
      if (session.isOpen()) {
        session.setMaxIdleTimeout(HANG_UP_MILLIS);
      }
    } catch (RuntimeException e) {
      log.debug("Session {} has no idle time-out any more", session.getId(), e);
    }
    CloseReasons.close(session, reason);
  }

  /** Closes all connections; returns when that is done, or after that time. */
  void closeConnections(Duration most) {
    closed = true;
    open.forEach(connection -> connection.close(CloseCode.NODE_GONE, GONE));
    NamedThreads.end(closers, most);
  }

  void end(Duration most) {
    long deadlineNanos = System.nanoTime() + most.toNanos();
    lanes.forEach(SessionLane::end);
    lanes.forEach(lane -> lane.awaitEnd(deadlineNanos));
  }
}
