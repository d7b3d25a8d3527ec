package io.pushwire.endpoint;

import io.pushwire.api.Payload;
import io.pushwire.core.Connection;
import io.pushwire.core.ConnectionRegistry;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a session to a bound connection, from a client's frame to the application's listener. One
 * instance may serve any number of sessions: what belongs to one is kept with the session.
 *
 * <p>{@link #onOpen}, {@link #onClose} and {@link #onError} return at once, so a container may call
 * them on an event loop. The handlers of messages call the listener on the container's thread and
 * take as long as it does: not on an event loop, and the messages of one session in their order.
 *
 * <p>A bind that is refused closes the connection with {@link CloseCode#INTERNAL}, as a listener
 * that throws does. Messages that come before the bind has completed wait; beyond {@value
 * Conversation#MOST_WAITING} of them the connection closes with {@link CloseCode#OVERLOAD}.
 *
 * @since 0.1
 */
public class PushwireEndpoint extends Endpoint {
  private static final Logger log = LoggerFactory.getLogger(PushwireEndpoint.class);
  private static final String CONVERSATION = Conversation.class.getName();

  private final ConnectionFactory factory;
  private final ConnectionListener listener;
  private final ConnectionRegistry registry;
  private final Executor calls;

  /**
   * For listeners that never block: they are called on the threads of the container, and of the
   * driver when a bind completes there.
   *
   * @param factory makes and binds the connections
   * @param listener hears of them
   * @param registry what they are unbound from
   */
  public PushwireEndpoint(
      ConnectionFactory factory, ConnectionListener listener, ConnectionRegistry registry) {
    this(factory, listener, registry, Runnable::run);
  }

  /**
   * For any listener.
   *
   * @param factory makes and binds the connections
   * @param listener hears of them
   * @param registry what they are unbound from
   * @param calls runs {@link ConnectionListener#opened}, {@link ConnectionListener#closed} and the
   *     messages that had to wait
   */
  public PushwireEndpoint(
      ConnectionFactory factory,
      ConnectionListener listener,
      ConnectionRegistry registry,
      Executor calls) {
    this.factory = factory;
    this.listener = listener;
    this.registry = registry;
    this.calls = calls;
  }

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    if (session.getMaxIdleTimeout() == 0) {
      // both mean 'none', but for 0 Tyrus schedules a task with every frame
      session.setMaxIdleTimeout(-1);
    }
    ConnectionFactory.Binding binding;
    try {
      binding = factory.connect(session);
    } catch (RuntimeException e) {
      log.warn("A connection could not be made, closing with {}", CloseCode.INTERNAL, e);
      CloseReasons.close(session, CloseReasons.of(CloseCode.INTERNAL, ""));
      return;
    }
    Connection connection = binding.connection();
    Conversation conversation = converse(connection);
    session.getUserProperties().put(CONVERSATION, conversation);
    session.addMessageHandler(String.class, new Text(conversation, maxMessage()));
    session.addMessageHandler(ByteBuffer.class, new Binary(conversation, maxMessage()));
    binding
        .bound()
        .whenComplete(
            (done, refused) -> {
              if (refused == null) {
                conversation.open();
              } else if (session.isOpen()) {
                Throwable cause = refused.getCause() == null ? refused : refused.getCause();
                log.warn("Connection {} was refused: {}", connection.id(), cause.toString());
                connection.close(CloseCode.INTERNAL, "refused by the broker");
              }
            });
  }

  @Override
  public void onClose(Session session, CloseReason reason) {
    Object conversation = session.getUserProperties().remove(CONVERSATION);
    if (conversation instanceof Conversation open) {
      registry.unbind(open.connection());
      open.close(reason);
      // ends what waits in the outbox
      open.connection().close(CloseCodes.NORMAL_CLOSURE.getCode(), "");
    }
  }

  @Override
  public void onError(Session session, Throwable failure) {
    log.debug("Session {} failed", session.getId(), failure);
    // what the container itself finds wrong with a connection, such as a message that is too big,
    // it closes with the code that tells so; the JVM's own errors it may pass over
    if (failure instanceof Error
        && session.getUserProperties().get(CONVERSATION) instanceof Conversation open) {
      open.connection().close(CloseCode.INTERNAL, "");
    }
  }

  Conversation converse(Connection connection) {
    return new Conversation(connection, listener, calls);
  }

  /** The largest message taken, in characters or bytes, where the container does not see to it. */
  int maxMessage() {
    return Integer.MAX_VALUE;
  }

  private record Text(Conversation conversation, int max) implements MessageHandler.Whole<String> {
    @Override
    public void onMessage(String text) {
      if (text.length() > max) {
        conversation.connection().close(CloseCode.TOO_BIG, "too big");
      } else {
        conversation.message(Payload.text(text));
      }
    }
  }

  private record Binary(Conversation conversation, int max)
      implements MessageHandler.Whole<ByteBuffer> {
    @Override
    public void onMessage(ByteBuffer buffer) {
      if (buffer.remaining() > max) {
        conversation.connection().close(CloseCode.TOO_BIG, "too big");
        return;
      }
      // the buffer is the container's, which uses it again
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      conversation.message(Payload.wrap(Payload.Type.BINARY, bytes, 0, bytes.length));
    }
  }
}
