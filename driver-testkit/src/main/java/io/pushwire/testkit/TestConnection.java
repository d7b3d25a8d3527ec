package io.pushwire.testkit;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.Envelope;
import io.pushwire.api.Payload;
import io.pushwire.core.Connection;
import io.pushwire.core.ConnectionRegistry;
import io.pushwire.core.WriteListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose browser is the test: it remembers the frames that it got. Any thread.
 *
 * @since 0.1
 */
public final class TestConnection implements Connection, AutoCloseable {
  private final ConnectionRegistry registry;
  private final ConnectionId id;
  private final @Nullable String user;
  private final TestLane lane;
  private final List<Envelope> frames = Collections.synchronizedList(new ArrayList<>());
  private volatile Consumer<Payload> onFrame = payload -> {};
  private volatile @Nullable Integer closeCode;

  /**
   * Makes a connection that is not bound yet.
   *
   * @param registry gives it its id, and is told when it closes
   * @param user whom it belongs to; null: anonymous
   * @param lane writes to it
   */
  public TestConnection(ConnectionRegistry registry, @Nullable String user, TestLane lane) {
    this.registry = registry;
    this.id = registry.newId();
    this.user = user;
    this.lane = lane;
  }

  @Override
  public ConnectionId id() {
    return id;
  }

  @Override
  public Optional<String> user() {
    return Optional.ofNullable(user);
  }

  @Override
  public TestLane lane() {
    return lane;
  }

  @Override
  public void close(int code, String reason) {
    synchronized (this) {
      if (closeCode != null) {
        return;
      }
      closeCode = code;
    }
    registry.unbind(this);
  }

  /** Closes it as a browser does that leaves. */
  @Override
  public void close() {
    close(1001, "The browser went away");
  }

  /**
   * @return the code it was closed with, if it was
   */
  public OptionalInt closeCode() {
    Integer code = closeCode;
    return code == null ? OptionalInt.empty() : OptionalInt.of(code);
  }

  /**
   * @param hook is called on the lane with each frame
   */
  public void onFrame(Consumer<Payload> hook) {
    onFrame = hook;
  }

  /**
   * @return what the frames were made of, in order
   */
  public List<Envelope> frames() {
    synchronized (frames) {
      return List.copyOf(frames);
    }
  }

  /**
   * @return the text frames, in order
   */
  public List<String> texts() {
    return frames().stream()
        .map(Envelope::payload)
        .filter(payload -> payload.type() == Payload.Type.TEXT)
        .map(Payload::text)
        .toList();
  }

  /**
   * Waits for frames.
   *
   * @param count how many in all
   */
  public void await(int count) {
    Wait.until(() -> frames.size() >= count, () -> id + " got " + frames.size() + " of " + count);
  }

  /**
   * Waits for a text frame.
   *
   * @param text its text
   */
  public void await(String text) {
    Wait.until(() -> texts().contains(text), () -> id + " did not get '" + text + "'");
  }

  void write(Envelope envelope, WriteListener listener) {
    if (closeCode != null) {
      listener.failed(this);
      return;
    }
    frames.add(envelope);
    onFrame.accept(envelope.payload());
    listener.written(this);
  }
}
