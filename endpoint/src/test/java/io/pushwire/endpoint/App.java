package io.pushwire.endpoint;

import static org.awaitility.Awaitility.await;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.Payload;
import io.pushwire.core.Connection;
import io.pushwire.core.ConnectionRegistry;
import io.pushwire.core.PushwireNode;
import io.pushwire.core.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** An application: a container, a node, and the endpoint at {@code /ws}. */
final class App implements AutoCloseable {
  static final IdentityResolver FROM_QUERY =
      handshake ->
          Optional.of(
              handshake
                  .parameter("user")
                  .map(Identity::user)
                  .orElseGet(Identity::anonymous)
                  .joining(handshake.parameters("topic")));

  final PushwireNode node;
  final PushwireEndpoints endpoints;
  private final AtomicInteger opened = new AtomicInteger();
  private final Container container = Container.chosen();
  private final int port;

  private App(
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
      port = container.start(endpoints.config("/ws"));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static App start(
      Function<PushwireNode, ConnectionListener> listener,
      Consumer<PushwireEndpoints.Builder> options) {
    return new App(openNode(UUID.randomUUID().toString()), listener, r -> r, options);
  }

  /** With something between the endpoint and the node's registry. */
  static App start(ConnectionListener listener, UnaryOperator<ConnectionRegistry> registry) {
    return new App(
        openNode(UUID.randomUUID().toString()), node -> listener, registry, options -> {});
  }

  static App start(ConnectionListener listener) {
    return start(node -> listener, options -> {});
  }

  /** Two of one cluster. */
  static List<App> two(Function<PushwireNode, ConnectionListener> listener) {
    String cluster = UUID.randomUUID().toString();
    return List.of(
        new App(openNode(cluster), listener, r -> r, options -> {}),
        new App(openNode(cluster), listener, r -> r, options -> {}));
  }

  private static PushwireNode openNode(String cluster) {
    return PushwireNode.builder()
        .settings(Settings.of(Map.of("driver", "memory", "driver.memory.prefix", cluster)))
        .open();
  }

  int port() {
    return port;
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
      container.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
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
