package io.pushwire.server.transport;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.pushwire.core.ConnectionRegistry;
import io.pushwire.core.Counters;
import io.pushwire.endpoint.ConnectionListener;
import io.pushwire.endpoint.Inbound;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One port for HTTP and WebSocket. {@link #start}, then {@link #drain} if there is time, then
 * {@link #close}; the registry's node is closed after it.
 */
public final class NettyServer implements AutoCloseable {
  /**
   * The subprotocol that the server selects. A browser that offers one, such as a token, must offer
   * this one too, since it gives up a connection for which none was selected.
   */
  public static final String SUBPROTOCOL = "pushwire";

  private static final Duration CLOSE_TIME = Duration.ofSeconds(3);
  private static final Logger log = LoggerFactory.getLogger(NettyServer.class);

  private final BoundPort port;
  private final Counters counters;
  private final Services services;
  private final AppThreads threads;
  private final Map<EventLoop, NettyLane> lanes = new HashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param port where it will listen; from now on it is this object's to close
   * @param config the numbers
   * @param registry who is connected; gets every connection before its handshake is answered
   * @param counters counts frames dropped for slow clients
   * @param http answers the requests that open no WebSocket
   * @param handshakes decides who may open a WebSocket
   * @param listener hears of the connections, off the event loops
   * @param watcher hears of requests and connections, on the event loops
   */
  public NettyServer(
      BoundPort port,
      TransportConfig config,
      ConnectionRegistry registry,
      Counters counters,
      HttpHandler http,
      HandshakeHandler handshakes,
      ConnectionListener listener,
      TransportListener watcher) {
    this.port = port;
    this.counters = counters;
    this.threads = new AppThreads();
    // what does nothing needs no thread to do it on
    ConnectionListener ordered =
        listener.equals(Inbound.ignore()) ? listener : new OrderedListener(listener, threads);
    TyrusEngine tyrus = new TyrusEngine(config.maxMessage(), registry, ordered);
    this.services =
        new Services(config, registry, http, handshakes, tyrus, ordered, new Census(), watcher);
  }

  /** Begins to accept. Once only. */
  public void start() {
    for (EventExecutor executor : port.loops()) {
      EventLoop loop = (EventLoop) executor;
      NettyLane lane = new NettyLane(loop, services.config(), counters);
      lanes.put(loop, lane);
      lane.start();
    }
    port.accept(new SocketInitializer(services, lanes));
    log.info(
        "Listening on {}:{} ({}, {} event loops)",
        services.config().host(),
        port.number(),
        services.config().io(),
        lanes.size());
  }

  /**
   * @return how many WebSocket connections are open or about to open
   */
  public int connections() {
    return services.census().connections();
  }

  /**
   * @return how many bytes wait in the outboxes of all connections
   */
  public long outboxBytes() {
    return lanes.values().stream().mapToLong(NettyLane::queuedBytes).sum();
  }

  /**
   * @return how long messages took from their sending to the sockets, as it is now
   */
  public DeliveryTimes deliveryTimes() {
    DeliveryTimes all = new DeliveryTimes();
    lanes.values().forEach(lane -> all.add(lane.times()));
    return all;
  }

  /**
   * Refuses new WebSockets with 503 and closes the open ones with 1012, spread over the time so
   * that the clients do not come back all at once. HTTP is answered as before, so that a load
   * balancer can see what goes on. Blocks until all have closed or the time is over.
   *
   * @param time how long it may take
   */
  public void drain(Duration time) {
    services.census().drain();
    CloseReason why = new CloseReason(CloseCodes.SERVICE_RESTART, "the node is being drained");
    // the last ones need some of the time for their answer
    Duration spread = time.multipliedBy(4).dividedBy(5);
    lanes.values().forEach(lane -> lane.closeAll(why, spread));
    await(services.census().noConnections(), time);
  }

  /**
   * Closes what is open, WebSockets with 1001, and ends all threads. Takes a few seconds at most; a
   * second call does nothing.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    port.closeAcceptor();
    services.census().close();
    CloseReason why = new CloseReason(CloseCodes.GOING_AWAY, "the node goes away");
    lanes.values().forEach(lane -> lane.closeAll(why, Duration.ZERO));
    lanes.values().forEach(NettyLane::closeRequests);
    await(services.census().noSockets(), CLOSE_TIME);
    port.close();
    services.tyrus().stop();
    threads.close(CLOSE_TIME.toMillis());
  }

  private static void await(CompletableFuture<Void> done, Duration time) {
    try {
      done.get(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.info("Not all clients have closed in time");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
