package io.pushwire.testkit;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket client that is not ours, the JDK's, and what it got.
 *
 * @since 0.1
 */
public final class WebSocketClient implements AutoCloseable {
  private final BlockingQueue<Object> frames = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final WebSocket socket;

  private WebSocketClient(URI uri) {
    socket =
        Wait.done(
            HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(uri, new Receiver()),
            "handshake with " + uri);
  }

  /**
   * @param uri where to, such as {@code ws://127.0.0.1:8080/ws?user=42}
   * @return a client whose handshake has been answered
   */
  public static WebSocketClient open(URI uri) {
    return new WebSocketClient(uri);
  }

  /**
   * Waits for the next frame.
   *
   * @return a String, or a byte[] if it was binary
   * @throws AssertionError if none comes
   */
  public Object next() {
    try {
      Object frame = frames.poll(Wait.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (frame == null) {
        throw new AssertionError("No frame comes; closed with " + closed.getNow(null));
      }
      return frame;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * @return how many frames have come that {@link #next} has not returned
   */
  public int waiting() {
    return frames.size();
  }

  /**
   * Sends a text frame; returns when the socket took it.
   *
   * @param text what it holds
   */
  public void send(String text) {
    Wait.done(socket.sendText(text, true), "send");
  }

  /**
   * Sends a binary frame; returns when the socket took it.
   *
   * @param bytes what it holds
   */
  public void send(byte[] bytes) {
    Wait.done(socket.sendBinary(ByteBuffer.wrap(bytes), true), "send");
  }

  /**
   * Waits until the server closes.
   *
   * @return its code
   */
  public int closeCode() {
    return Wait.done(closed, "close");
  }

  /** Ends the connection without a close frame. */
  @Override
  public void close() {
    socket.abort();
  }

  private final class Receiver implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        frames.add(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
      bytes = ByteBuffer.allocate(bytes.position() + part.remaining()).put(bytes.flip()).put(part);
      if (last) {
        frames.add(bytes.array());
        bytes = ByteBuffer.allocate(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable e) {
      closed.completeExceptionally(e);
    }
  }
}
