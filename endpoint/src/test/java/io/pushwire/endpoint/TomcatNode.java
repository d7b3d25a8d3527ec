package io.pushwire.endpoint;

import static org.awaitility.Awaitility.await;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.Payload;
import io.pushwire.core.Connection;
import io.pushwire.core.ConnectionRegistry;
import io.pushwire.core.PushwireNode;
import io.pushwire.core.Settings;
import jakarta.websocket.server.ServerContainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;

/** An application: Tomcat with its own WebSocket, a node, and the endpoint at {@code /ws}. */
final class TomcatNode implements AutoCloseable {
  static final IdentityResolver FROM_QUERY =
      handshake ->
          Optional.of(new Identity(handshake.parameter("user"), handshake.parameters("topic")));

  private static final Logger QUIET = Logger.getLogger("org.apache");

  static {
    QUIET.setLevel(Level.SEVERE);
  }

  final PushwireNode node;
  final PushwireEndpoints endpoints;
  private final AtomicInteger opened = new AtomicInteger();
  private final Tomcat tomcat = new Tomcat();

  private TomcatNode(
      PushwireNode node,
      Function<PushwireNode, ConnectionListener> listener,
      UnaryOperator<ConnectionRegistry> registry,
      Consumer<PushwireEndpoints.Builder> options) {
    this.node = node;
    PushwireEndpoints.Builder builder =
        PushwireEndpoints.builder(registry.apply(node.registry()))
            .lanes(2)
            .identity(FROM_QUERY)
            .listener(new Counting(listener.apply(node)));
    options.accept(builder);
    endpoints = builder.build();
    try {
      start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static TomcatNode start(
      Function<PushwireNode, ConnectionListener> listener,
      Consumer<PushwireEndpoints.Builder> options) {
    return new TomcatNode(openNode(UUID.randomUUID().toString()), listener, r -> r, options);
  }

  /** With something between the endpoint and the node's registry. */
  static TomcatNode start(ConnectionListener listener, UnaryOperator<ConnectionRegistry> registry) {
    return new TomcatNode(
        openNode(UUID.randomUUID().toString()), node -> listener, registry, options -> {});
  }

  static TomcatNode start(ConnectionListener listener) {
    return start(node -> listener, options -> {});
  }

  /** Two of one cluster. */
  static List<TomcatNode> two(Function<PushwireNode, ConnectionListener> listener) {
    String cluster = UUID.randomUUID().toString();
    return List.of(
        new TomcatNode(openNode(cluster), listener, r -> r, options -> {}),
        new TomcatNode(openNode(cluster), listener, r -> r, options -> {}));
  }

  private static PushwireNode openNode(String cluster) {
    return PushwireNode.builder()
        .settings(Settings.of(Map.of("driver", "memory", "driver.memory.prefix", cluster)))
        .open();
  }

  private void start() throws Exception {
    tomcat.setBaseDir(Files.createTempDirectory("pushwire-tomcat").toString());
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    // so that a client that does not read is noticed after some kilobytes, not megabytes
    connector.setProperty("socket.txBufSize", "8192");
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "none", new DefaultServlet()).addMapping("/");
    context.addServletContainerInitializer(new WsSci(), Set.of());
    tomcat.start();
    ((ServerContainer)
            context.getServletContext().getAttribute("jakarta.websocket.server.ServerContainer"))
        .addEndpoint(endpoints.config("/ws"));
  }

  int port() {
    return tomcat.getConnector().getLocalPort();
  }

  String url(String query) {
    return "ws://127.0.0.1:" + port() + "/ws?" + query;
  }

  /** Waits until the application has heard of so many connections of this node. */
  void awaitOpened(int count) {
    await().pollInterval(Duration.ofMillis(2)).until(() -> opened.get() >= count);
  }

  ConnectionId only(String user) {
    List<ConnectionId> all = node.registry().connections(user);
    if (all.size() != 1) {
      throw new IllegalStateException(user + " has " + all);
    }
    return all.get(0);
  }

  @Override
  public void close() {
    endpoints.close();
    node.close();
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  private final class Counting implements ConnectionListener {
    private final ConnectionListener listener;

    Counting(ConnectionListener listener) {
      this.listener = listener;
    }

    @Override
    public void opened(Connection connection) {
      listener.opened(connection);
      opened.incrementAndGet();
    }

    @Override
    public void message(Connection connection, Payload payload) {
      listener.message(connection, payload);
    }

    @Override
    public void closed(Connection connection, int code, String reason) {
      listener.closed(connection, code, reason);
    }
  }
}
