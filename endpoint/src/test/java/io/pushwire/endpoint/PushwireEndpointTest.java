package io.pushwire.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.Payload;
import io.pushwire.core.ConnectionRegistry;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.MessageHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The endpoint with somebody else's connections, as a container that writes itself has. */
class PushwireEndpointTest {
  private final FakeSession session = new FakeSession(FakeSession.Behaviour.INLINE);
  private final AtomicInteger closeCode = new AtomicInteger();
  private final FakeConnection connection = new FakeConnection(closeCode);
  private final CompletableFuture<Void> bound = new CompletableFuture<>();
  private final Recorder recorder = new Recorder();
  private final List<Object> unbound = new ArrayList<>();
  private final ConnectionRegistry registry =
      FakeSession.proxy(
          ConnectionRegistry.class,
          (proxy, method, arguments) -> {
            assertThat(method.getName()).isEqualTo("unbind");
            return unbound.add(arguments[0]) ? null : null;
          });
  private final PushwireEndpoint endpoint =
      new PushwireEndpoint(
          opened -> new ConnectionFactory.Binding(connection, bound), recorder, registry);

  @Test
  void aConnectionIsUnboundAndClosedWithItsSession() {
    endpoint.onOpen(session.session, null);
    bound.complete(null);
    endpoint.onClose(session.session, new CloseReason(CloseCodes.GOING_AWAY, null));
    endpoint.onClose(session.session, new CloseReason(CloseCodes.NORMAL_CLOSURE, null));
    assertThat(recorder.calls).containsExactly("opened", "closed 1001");
    assertThat(unbound).containsExactly(connection);
    assertThat(closeCode).hasValue(1000);
  }

  @Test
  void messagesAreHandedOnAsTheyAre() {
    endpoint.onOpen(session.session, null);
    text("early");
    bound.complete(null);
    byte[] reused = {0, 1, -1};
    binary(ByteBuffer.wrap(reused));
    reused[0] = 9;
    assertThat(recorder.messages)
        .containsExactly(Payload.text("early"), Payload.binary(new byte[] {0, 1, -1}));
  }

  @Test
  void noIdleTimeoutIsSaidInTheWayThatCostsNothing() {
    endpoint.onOpen(session.session, null);
    assertThat(session.maxIdleTimeout).isEqualTo(-1);
  }

  @Test
  void anIdleTimeoutOfTheContainerStays() {
    session.maxIdleTimeout = 60_000;
    endpoint.onOpen(session.session, null);
    assertThat(session.maxIdleTimeout).isEqualTo(60_000);
  }

  @Test
  void aFactoryThatThrowsClosesTheSession() {
    PushwireEndpoint closed =
        new PushwireEndpoint(
            opened -> {
              throw new IllegalStateException("the node is closed");
            },
            recorder,
            registry);
    closed.onOpen(session.session, null);
    closed.onClose(session.session, new CloseReason(CloseCodes.UNEXPECTED_CONDITION, null));
    assertThat(session.closed.get(0).getCloseCode().getCode()).isEqualTo(CloseCode.INTERNAL);
    assertThat(recorder.calls).isEmpty();
  }

  @Test
  void whatTheContainerFindsWrongItClosesItself() {
    endpoint.onOpen(session.session, null);
    endpoint.onError(session.session, new IOException("broken pipe"));
    assertThat(closeCode).hasValue(0);
    endpoint.onError(session.session, new OutOfMemoryError("not really"));
    assertThat(closeCode).hasValue(CloseCode.INTERNAL);
  }

  @SuppressWarnings("unchecked")
  private void text(String text) {
    ((MessageHandler.Whole<String>) session.handlers.get(String.class)).onMessage(text);
  }

  @SuppressWarnings("unchecked")
  private void binary(ByteBuffer bytes) {
    ((MessageHandler.Whole<ByteBuffer>) session.handlers.get(ByteBuffer.class)).onMessage(bytes);
  }
}
