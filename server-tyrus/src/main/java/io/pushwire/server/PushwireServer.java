package io.pushwire.server;

import io.netty.util.NetUtil;
import io.pushwire.core.InMemoryCounters;
import io.pushwire.core.LinkStatus;
import io.pushwire.core.PushwireNode;
import io.pushwire.endpoint.ConnectionListener;
import io.pushwire.endpoint.Inbound;
import io.pushwire.server.auth.Authenticator;
import io.pushwire.server.http.ConnectionLimits;
import io.pushwire.server.http.Handshakes;
import io.pushwire.server.http.HealthCheck;
import io.pushwire.server.http.HttpApi;
import io.pushwire.server.http.Pages;
import io.pushwire.server.observe.AccessLog;
import io.pushwire.server.observe.Metrics;
import io.pushwire.server.transport.BoundPort;
import io.pushwire.server.transport.NettyServer;
import io.pushwire.server.transport.TransportConfig;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A running server: the node, the transport that holds its connections, and what is answered over
 * HTTP. Several may run in one JVM.
 */
final class PushwireServer implements AutoCloseable {
  private static final int HTTP_SOCKETS = 10_000;

  private final ServerConfig config;
  private final PushwireNode node;
  private final Authenticator authenticator;
  private final Metrics metrics;
  private final HttpApi http;
  private final NettyServer transport;
  private final BoundPort port;
  private final AtomicBoolean draining = new AtomicBoolean();

  private PushwireServer(
      ServerConfig config,
      TransportConfig numbers,
      BoundPort port,
      PushwireNode node,
      InMemoryCounters counters) {
    this.config = config;
    this.port = port;
    this.node = node;
    AccessConfig access = config.access();
    authenticator = access.authenticator();
    metrics = new Metrics(node, counters);
    http =
        new HttpApi(
            access.guardOfApi(),
            access.apiKey(),
            new Pages(config.pages(), access.isForPlaying(), config.inbound().key()),
            node.sender(),
            node.registry(),
            node::storedMessages,
            config.node().maxPayloadSize(),
            this::checks,
            metrics::scrape);
    transport =
        new NettyServer(
            port,
            numbers,
            node.registry(),
            counters,
            http,
            new Handshakes(
                access.guardOfWebSockets(),
                authenticator,
                new ConnectionLimits(config.limits()),
                access.proxies(),
                draining::get),
            listener(config, node),
            config.accessLog() ? new AccessLog(access.proxies(), metrics) : metrics);
    metrics.watch(transport);
    transport.start();
  }

  /**
   * Takes the port, opens the node, then serves.
   *
   * @param config what the server was told
   * @return the server, ready for clients
   * @throws java.io.UncheckedIOException if the port cannot be bound
   * @throws io.pushwire.api.ConfigurationException if no driver fits, or its settings are wrong
   * @throws io.pushwire.api.PushwireException if the broker cannot be reached
   */
  static PushwireServer start(ServerConfig config) {
    TransportConfig numbers = transport(config);
    BoundPort port = BoundPort.bind(numbers);
    try {
      InMemoryCounters counters = new InMemoryCounters();
      PushwireNode node =
          PushwireNode.builder()
              .config(config.node())
              .settings(config.settings())
              .counters(counters)
              .open();
      try {
        return new PushwireServer(config, numbers, port, node, counters);
      } catch (RuntimeException e) {
        node.close();
        throw e;
      }
    } catch (RuntimeException e) {
      port.close();
      throw e;
    }
  }

  /**
   * @return the port it listens on
   */
  int port() {
    return port.number();
  }

  /**
   * @return where a browser on this machine finds it
   */
  URI url() {
    InetAddress host = config.host();
    String name = host.isAnyLocalAddress() ? "localhost" : NetUtil.toAddressString(host);
    if (name.contains(":")) {
      name = '[' + name + ']';
    }
    return URI.create("http://" + name + ":" + port() + "/");
  }

  /**
   * @return the node that it serves
   */
  PushwireNode node() {
    return node;
  }

  /**
   * @return what is answered over HTTP: each method with its path
   */
  Set<String> routes() {
    return http.routes();
  }

  /**
   * Makes readiness red, refuses new WebSockets, and closes the open ones spread over {@code
   * server.drain-timeout}; blocks until all are gone or the time is over.
   */
  void drain() {
    if (draining.compareAndSet(false, true)) {
      transport.drain(config.drainTimeout());
    }
  }

  /** Closes all at once, the driver last. A second call does nothing. */
  @Override
  public void close() {
    draining.set(true);
    http.close();
    transport.close();
    authenticator.close();
    node.close();
    metrics.close();
  }

  private List<HealthCheck> checks() {
    LinkStatus link = node.link();
    Map<String, String> driver = new LinkedHashMap<>();
    driver.put("driver", node.driverName());
    driver.put("since", link.since().toString());
    List<HealthCheck> checks = new ArrayList<>();
    checks.add(new HealthCheck("driver", link.up(), driver));
    if (config.access().jwt().isPresent()) {
      checks.add(new HealthCheck("keys for tokens", authenticator.isReady(), Map.of()));
    }
    checks.add(
        new HealthCheck("accepting", !draining.get(), Map.of("node", node.info().id().toString())));
    return checks;
  }

  private static TransportConfig transport(ServerConfig config) {
    return TransportConfig.builder()
        .host(config.host().getHostAddress())
        .port(config.port())
        .maxSockets(config.limits().connections() + HTTP_SOCKETS)
        .maxHttpBody(maxBody(config.node().maxPayloadSize()))
        .maxMessage(config.node().maxPayloadSize())
        .outboxLimit(config.outboxLimit())
        .slowClient(config.slowClient())
        .pingInterval(config.pingInterval())
        .build();
  }

  /** JSON may spend six bytes on one of the payload, and there is more than the payload. */
  private static int maxBody(int maxPayload) {
    return (int) Math.min(Integer.MAX_VALUE, 6L * maxPayload + 64 * 1024);
  }

  private static ConnectionListener listener(ServerConfig config, PushwireNode node) {
    return switch (config.inbound()) {
      case IGNORE -> Inbound.ignore();
      case EVERYONE -> Inbound.everyone(node.sender(), config.inboundRate());
      case TOPIC -> Inbound.topic(node.sender(), node.registry(), config.inboundRate());
    };
  }
}
