package io.pushwire.server.transport;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.pushwire.api.Envelope;
import io.pushwire.core.Counters;
import io.pushwire.core.Lane;
import io.pushwire.core.Members;
import io.pushwire.core.WriteListener;
import io.pushwire.endpoint.SlowClientPolicy;
import jakarta.websocket.CloseReason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One event loop and its connections. Consecutive envelopes for the same members become one buffer,
 * and so one system call for each connection.
 */
final class NettyLane implements Lane {
  private static final int CLOSE_STEP_MILLIS = 20;

  private final EventLoop loop;
  private final TransportConfig config;
  private final Counters counters;
  private final Sweep<HttpServerHandler.Watch> requests = new Sweep<>(1);
  private final Sweep<NettyConnection> connections;
  private final DeliveryTimes times = new DeliveryTimes();
  private final int pingTicks;
  private final int deadTicks;
  private int now;

  // the batch that is being built, and whom it is for
  private @Nullable Batch batch;
  private @Nullable Members members;

  private volatile long queuedBytes; // written by the loop alone

  NettyLane(EventLoop loop, TransportConfig config, Counters counters) {
    this.loop = loop;
    this.config = config;
    this.counters = counters;
    long ping = config.pingInterval().toMillis();
    this.pingTicks = Sweep.ticks(ping == 0 ? Long.MAX_VALUE : ping);
    // often enough for a second's interval, and not more than once a second
    int round = Math.max(1, Math.min(pingTicks / 4, 1000 / Sweep.TICK_MILLIS));
    this.connections = new Sweep<>(round);
    // it may be a round until this is looked at: within two intervals all the same
    this.deadTicks = 2 * pingTicks - round;
  }

  @Override
  public void execute(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException ended) {
      // the contract: dropped
    }
  }

  /** Runs a task at once if this is the lane's thread, else later. */
  void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      execute(task);
    }
  }

  @Override
  public void write(Members to, Envelope envelope, WriteListener listener) {
    Batch open = batch;
    if (open == null || members != to || !open.hasRoomFor(envelope.payload())) {
      flush();
      open = new Batch(ByteBufAllocator.DEFAULT, envelope.payload(), times);
      batch = open;
      members = to;
    }
    open.add(envelope, listener);
  }

  @Override
  public void flush() {
    Batch full = batch;
    Members to = members;
    batch = null;
    members = null;
    if (full == null || to == null) {
      return;
    }
    try {
      for (int i = 0, n = to.size(); i < n; i++) {
        ((NettyConnection) to.get(i)).outbox().write(full);
      }
    } finally {
      full.settle();
      full.release();
    }
  }

  void start() {
    // at a fixed rate: a busy loop makes up for ticks, so that they tell the time
    loop.scheduleAtFixedRate(
        this::tick, Sweep.TICK_MILLIS, Sweep.TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    now++;
    requests.tick(now);
    connections.tick(now);
  }

  /** Closes the connections there are, evenly spread over a time. Any thread. */
  void closeAll(CloseReason why, Duration spread) {
    execute(() -> closeSome(connections.items(), 0, why, System.nanoTime(), spread.toNanos()));
  }

  /** By the clock, not by steps: a busy lane closes more at a time, not later. */
  private void closeSome(
      List<NettyConnection> all, int from, CloseReason why, long start, long spread) {
    long elapsed = System.nanoTime() - start;
    int due = elapsed >= spread ? all.size() : (int) (all.size() * elapsed / spread);
    for (int i = from; i < due; i++) {
      all.get(i).end(why);
    }
    if (due < all.size()) {
      loop.schedule(
          () -> closeSome(all, due, why, start, spread), CLOSE_STEP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Closes the sockets that speak HTTP, those with a request under way after its answer. */
  void closeRequests() {
    execute(() -> requests.items().forEach(HttpServerHandler.Watch::end));
  }

  /** The time in ticks of the sweep. */
  int now() {
    return now;
  }

  /** The sockets that still speak HTTP. */
  Sweep<HttpServerHandler.Watch> requests() {
    return requests;
  }

  /** The open connections. */
  Sweep<NettyConnection> connections() {
    return connections;
  }

  DeliveryTimes times() {
    return times;
  }

  Counters counters() {
    return counters;
  }

  int outboxLimit() {
    return config.outboxLimit();
  }

  int pingTicks() {
    return pingTicks;
  }

  int deadTicks() {
    return deadTicks;
  }

  boolean closesSlowClients() {
    return config.slowClient() == SlowClientPolicy.CLOSE;
  }

  /** Loop only. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  void queued(int change) {
    queuedBytes += change;
  }

  long queuedBytes() {
    return queuedBytes;
  }
}
