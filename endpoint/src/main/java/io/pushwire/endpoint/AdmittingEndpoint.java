package io.pushwire.endpoint;

import io.pushwire.core.Connection;
import io.pushwire.core.ConnectionRegistry;
import jakarta.websocket.CloseReason;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import java.util.concurrent.Executor;

/** Sends those away whom the handshake refused, before anybody hears of them. */
final class AdmittingEndpoint extends PushwireEndpoint {
  private final int maxMessage;

  AdmittingEndpoint(
      ConnectionFactory factory,
      ConnectionListener listener,
      ConnectionRegistry registry,
      Executor calls,
      int maxMessage) {
    super(factory, listener, registry, calls);
    this.maxMessage = maxMessage;
  }

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    Object admission = session.getUserProperties().get(HandshakeConfigurator.ADMISSION);
    if (admission instanceof CloseReason refusal) {
      CloseReasons.close(session, refusal);
      return;
    }
    session.setMaxTextMessageBufferSize(maxMessage);
    session.setMaxBinaryMessageBufferSize(maxMessage);
    super.onOpen(session, config);
  }

  @Override
  Conversation converse(Connection connection) {
    Conversation conversation = super.converse(connection);
    ((SessionConnection) connection).whenEnded(conversation::close);
    return conversation;
  }

  @Override
  int maxMessage() {
    return maxMessage;
  }
}
