package io.pushwire.endpoint;

import static org.awaitility.Awaitility.await;

import io.pushwire.api.Payload;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A client by the JDK that keeps whatever it gets. */
final class Client implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  final List<Payload> received = new CopyOnWriteArrayList<>();
  final CompletableFuture<Integer> closed = new CompletableFuture<>();
  volatile String closeReason = "";
  private final WebSocket socket;

  private Client(String url, UnaryOperator<WebSocket.Builder> options) {
    socket =
        options
            .apply(HTTP.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(10)))
            .buildAsync(URI.create(url), new Listener())
            .join();
  }

  static Client open(String url) {
    return new Client(url, options -> options);
  }

  static Client withHeader(String url, String name, String value) {
    return new Client(url, options -> options.header(name, value));
  }

  void send(Payload payload) {
    if (payload.type() == Payload.Type.TEXT) {
      socket.sendText(payload.text(), true).join();
    } else {
      socket.sendBinary(payload.bytes(), true).join();
    }
  }

  /** Sends, and does not mind that the server closes at the same time. */
  void trySend(Payload payload) {
    try {
      send(payload);
    } catch (RuntimeException e) {
      closed.join();
    }
  }

  void awaitReceived(int count) {
    await()
        .pollInterval(Duration.ofMillis(1))
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofSeconds(20))
        .until(() -> received.size() >= count);
  }

  int awaitClosed() {
    return closed.orTimeout(10, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    cut();
  }

  /** Ends the connection without a word. */
  void cut() {
    socket.abort();
  }

  void closeNormally(int code, String reason) {
    socket.sendClose(code, reason).join();
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        received.add(Payload.text(text.toString()));
        text.setLength(0);
      }
      webSocket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      binary.writeBytes(bytes);
      if (last) {
        received.add(Payload.binary(binary.toByteArray()));
        binary.reset();
      }
      webSocket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
      closeReason = reason;
      closed.complete(statusCode);
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      closed.complete(1006);
    }
  }
}
