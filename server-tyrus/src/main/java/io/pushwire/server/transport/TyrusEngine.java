package io.pushwire.server.transport;

import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.pushwire.core.ConnectionRegistry;
import io.pushwire.endpoint.ConnectionFactory;
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
import org.glassfish.tyrus.spi.UpgradeRequest;
import org.glassfish.tyrus.spi.WebSocketEngine;
import org.glassfish.tyrus.spi.WebSocketEngine.UpgradeInfo;
import org.glassfish.tyrus.spi.WebSocketEngine.UpgradeStatus;

/** Tyrus with its one endpoint. Whatever the client's path, Tyrus sees {@value #PATH}. */
final class TyrusEngine {
  private static final String PATH = "/ws";

  private final Container container;

  TyrusEngine(int maxMessage, ConnectionRegistry registry, ConnectionListener listener) {
    // it never gets more than one frame at a time
    container = new Container(WebSocketHandler.PART + WebSocketHandler.PART_HEADER);
    container.setDefaultMaxTextMessageBufferSize(maxMessage);
    container.setDefaultMaxBinaryMessageBufferSize(maxMessage);
    // for 0, its default, Tyrus schedules a task with every frame (tyrus#487)
    container.setDefaultMaxSessionIdleTimeout(-1);
    ConnectionFactory factory = session -> opening(session.getUserPrincipal()).binding();
    PushwireEndpoint endpoint = new Closing(factory, listener, registry);
    try {
      container.register(
          ServerEndpointConfig.Builder.create(PushwireEndpoint.class, PATH)
              .subprotocols(List.of(NettyServer.SUBPROTOCOL))
              .configurator(new OneEndpoint(endpoint))
              .build());
    } catch (DeploymentException e) {
      throw new IllegalStateException("Tyrus does not take the endpoint", e);
    }
  }

  private static Opening opening(Principal principal) {
    if (principal instanceof Opening opening) {
      return opening;
    }
    throw new IllegalStateException("A session without a connection");
  }

  /** Does the handshake, but for sending the answer. */
  Opening prepare(HttpRequest request, NettyConnection connection) {
    Opening opening = new Opening(connection);
    // nothing else of the request is Tyrus' business; path, query and protocols may hold a token
    RequestContext context =
        RequestContext.Builder.create()
            .requestURI(URI.create(PATH))
            .userPrincipal(opening)
            .remoteAddr("")
            .build();
    put(context, UpgradeRequest.UPGRADE, UpgradeRequest.WEBSOCKET);
    put(context, UpgradeRequest.CONNECTION, UpgradeRequest.UPGRADE);
    for (CharSequence name :
        List.of(
            HttpHeaderNames.HOST,
            HttpHeaderNames.SEC_WEBSOCKET_KEY,
            HttpHeaderNames.SEC_WEBSOCKET_VERSION)) {
      put(context, name.toString(), request.headers().get(name, ""));
    }
    if (request
        .headers()
        .containsValue(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, NettyServer.SUBPROTOCOL, false)) {
      put(context, UpgradeRequest.SEC_WEBSOCKET_PROTOCOL, NettyServer.SUBPROTOCOL);
    }
    TyrusUpgradeResponse response = new TyrusUpgradeResponse();
    UpgradeInfo upgrade = container.engine.upgrade(context, response);
    if (upgrade.getStatus() == UpgradeStatus.SUCCESS) {
      opening.prepared(upgrade, answer(response));
    }
    return opening;
  }

  private static void put(RequestContext context, String name, String value) {
    context.getHeaders().put(name, List.of(value));
  }

  private static FullHttpResponse answer(TyrusUpgradeResponse from) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(from.getStatus()));
    from.getHeaders().forEach((name, values) -> response.headers().set(name, values));
    return response;
  }

  void stop() {
    container.stop();
  }

  /** Tells the connection with which code its session has closed. */
  private static final class Closing extends PushwireEndpoint {
    Closing(ConnectionFactory factory, ConnectionListener listener, ConnectionRegistry registry) {
      super(factory, listener, registry);
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
      opening(session.getUserPrincipal()).connection().closedWith(reason);
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
