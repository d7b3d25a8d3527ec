import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.CloseReason;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.glassfish.tyrus.server.Server;

/**
 * Tyrus in its own container, used as its manual says: {@code TyrusGrizzly PORT}. What comes from
 * /publish goes to everybody at /ws.
 */
public final class TyrusGrizzly implements ServerApplicationConfig {
  private static final Set<Session> RECEIVERS = ConcurrentHashMap.newKeySet();

  public static void main(String[] args) throws Exception {
    new Server("127.0.0.1", Integer.parseInt(args[0]), "/", null, TyrusGrizzly.class).start();
    Thread.currentThread().join();
  }

  @Override
  public Set<ServerEndpointConfig> getEndpointConfigs(Set<Class<? extends Endpoint>> found) {
    return Set.of(
        ServerEndpointConfig.Builder.create(Receiver.class, "/ws").build(),
        ServerEndpointConfig.Builder.create(Publisher.class, "/publish").build());
  }

  @Override
  public Set<Class<?>> getAnnotatedEndpointClasses(Set<Class<?>> found) {
    return Set.of();
  }

  /** Gets what is published. */
  public static final class Receiver extends Endpoint {
    @Override
    public void onOpen(Session session, EndpointConfig config) {
      RECEIVERS.add(session);
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
      RECEIVERS.remove(session);
    }
  }

  /** Publishes what it says. */
  public static final class Publisher extends Endpoint {
    @Override
    public void onOpen(Session session, EndpointConfig config) {
      session.addMessageHandler(
          String.class,
          (MessageHandler.Whole<String>)
              text -> RECEIVERS.forEach(receiver -> receiver.getAsyncRemote().sendText(text)));
    }
  }
}
