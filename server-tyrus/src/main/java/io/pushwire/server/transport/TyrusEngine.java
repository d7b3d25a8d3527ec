package io.pushwire.server.transport;

import io.pushwire.api.Payload;
import io.pushwire.core.ConnectionRegistry;
import io.pushwire.endpoint.ConnectionFactory;
import io.pushwire.endpoint.ConnectionFactory.Binding;
import io.pushwire.endpoint.ConnectionListener;
import io.pushwire.endpoint.PushwireEndpoint;
import jakarta.websocket.CloseReason;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.glassfish.tyrus.core.RequestContext;
import org.glassfish.tyrus.core.TyrusUpgradeResponse;
import org.glassfish.tyrus.core.TyrusWebSocketEngine;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.Connection;
import org.glassfish.tyrus.spi.UpgradeRequest;
import org.glassfish.tyrus.spi.WebSocketEngine;
import org.glassfish.tyrus.spi.WebSocketEngine.UpgradeInfo;
import org.glassfish.tyrus.spi.WebSocketEngine.UpgradeStatus;

/**
 * Tyrus with its one endpoint. A connection gets its session when the client first says something:
 * one that only listens, as most do, spares it.
 */
final class TyrusEngine {
  private static final URI PATH = URI.create("/ws");

  /** What Tyrus wants to see of a handshake; the client's own has been answered. */
  private static final Map<String, List<String>> HANDSHAKE =
      Map.of(
          UpgradeRequest.UPGRADE, List.of(UpgradeRequest.WEBSOCKET),
          UpgradeRequest.CONNECTION, List.of(UpgradeRequest.UPGRADE),
          UpgradeRequest.HOST, List.of("pushwire"),
          UpgradeRequest.SEC_WEBSOCKET_VERSION, List.of("13"),
          UpgradeRequest.SEC_WEBSOCKET_KEY, List.of("dGhlIHNhbXBsZSBub25jZQ=="));

  private final Container container;

  TyrusEngine(int maxMessage, ConnectionRegistry registry, ConnectionListener listener) {
    // it never gets more than one frame at a time
    container = new Container(WebSocketHandler.PART + WebSocketHandler.PART_HEADER);
    container.setDefaultMaxTextMessageBufferSize(maxMessage);
    container.setDefaultMaxBinaryMessageBufferSize(maxMessage);
    // for 0, its default, Tyrus schedules a task with every frame (tyrus#487)
    container.setDefaultMaxSessionIdleTimeout(-1);
    ConnectionFactory factory =
        session -> {
          NettyConnection connection = connection(session);
          return new Binding(connection, connection.reachable());
        };
    PushwireEndpoint endpoint = new Closing(factory, new Messages(listener), registry);
    try {
      container.register(
          ServerEndpointConfig.Builder.create(PushwireEndpoint.class, PATH.getPath())
              .configurator(new OneEndpoint(endpoint))
              .build());
    } catch (DeploymentException e) {
      throw new IllegalStateException("Tyrus does not take the endpoint", e);
    }
  }

  private static NettyConnection connection(Session session) {
    if (session.getUserPrincipal() instanceof Client client) {
      return client.connection();
    }
    throw new IllegalStateException("A session without a connection");
  }

  /** Opens a connection's session; the endpoint's onOpen runs within. Loop only. */
  Connection open(NettyConnection connection) {
    RequestContext context =
        RequestContext.Builder.create()
            .requestURI(PATH)
            .userPrincipal(new Client(connection))
            .remoteAddr("")
            .build();
    context.getHeaders().putAll(HANDSHAKE);
    UpgradeInfo upgrade = container.engine.upgrade(context, new TyrusUpgradeResponse());
    if (upgrade.getStatus() != UpgradeStatus.SUCCESS) {
      throw new IllegalStateException("Tyrus does not take the handshake");
    }
    return upgrade.createConnection(new TyrusWriter(connection), reason -> {});
  }

  void stop() {
    container.stop();
  }

  /** The session's principal: that is how it is joined to its connection. */
  private record Client(NettyConnection connection) implements Principal {
    @Override
    public String getName() {
      return connection.user().orElse("");
    }
  }

  /** The connection itself tells that it has opened and closed: it may never have a session. */
  private record Messages(ConnectionListener listener) implements ConnectionListener {
    @Override
    public void message(io.pushwire.core.Connection connection, Payload payload) {
      listener.message(connection, payload);
    }
  }

  /** Tells the connection with which code its session has closed. */
  private static final class Closing extends PushwireEndpoint {
    Closing(ConnectionFactory factory, ConnectionListener listener, ConnectionRegistry registry) {
      super(factory, listener, registry);
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
      connection(session).closedWith(reason);
      super.onClose(session, reason);
    }
  }

  private static final class OneEndpoint extends ServerEndpointConfig.Configurator {
    private final PushwireEndpoint endpoint;

    OneEndpoint(PushwireEndpoint endpoint) {
      this.endpoint = endpoint;
    }

    @Override
    public <T> T getEndpointInstance(Class<T> type) {
      return type.cast(endpoint);
    }

    /** {@link HandshakeHandler} has decided before. */
    @Override
    public boolean checkOrigin(String origin) {
      return true;
    }
  }

  private static final class Container extends TyrusServerContainer {
    private final WebSocketEngine engine;

    Container(int incomingBufferSize) {
      super(Set.of());
      engine = TyrusWebSocketEngine.builder(this).incomingBufferSize(incomingBufferSize).build();
    }

    @Override
    public void register(Class<?> endpoint) throws DeploymentException {
      engine.register(endpoint, "/");
    }

    @Override
    public void register(ServerEndpointConfig config) throws DeploymentException {
      engine.register(config, "/");
    }

    @Override
    public Map<String, Object> getProperties() {
      return Map.of();
    }

    @Override
    public WebSocketEngine getWebSocketEngine() {
      return engine;
    }
  }
}
