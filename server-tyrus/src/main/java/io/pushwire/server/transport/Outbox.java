package io.pushwire.server.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.unix.Socket;
import io.pushwire.core.Counters.Reason;
import io.pushwire.server.transport.FrameQueue.Range;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one connection that wait for its socket: none while the client keeps up. What waits
 * is handed to Netty a few kilobytes at a time, and counted here until the operating system took
 * it, so that the limit is real. Loop only.
 */
final class Outbox implements ChannelFutureListener {
  /** How much Netty gets at once; only what it does not have yet can be dropped. */
  private static final int CHUNK = 16 << 10;

  private final NettyConnection connection;
  private final Channel channel;
  private final @Nullable Socket direct;
  private final FrameQueue sent = new FrameQueue(); // Netty has it
  private final FrameQueue waiting = new FrameQueue();
  private boolean gated = true; // the handshake is not answered yet: everything waits
  private boolean slow; // it was full: takes nothing but the close frame
  private boolean ended; // the close frame is in: takes nothing
  private int bytes;

  /**
   * @param direct where bytes may go to past Netty; null: nowhere
   */
  Outbox(NettyConnection connection, Channel channel, @Nullable Socket direct) {
    this.connection = connection;
    this.channel = channel;
    this.direct = direct;
  }

  /** Opens the gate: the handshake has been answered. */
  void open() {
    gated = false;
    feed();
  }

  boolean isEmpty() {
    return bytes == 0;
  }

  boolean isEnded() {
    return ended;
  }

  /** Appends frames. Keeps no reference to the batch unless it needs one; never throws. */
  void write(Batch batch) {
    if (ended || slow) {
      batch.tell(connection, 0, batch.size(), false);
      return;
    }
    int taken = offer(batch);
    if (taken > 0) {
      batch.tell(connection, 0, taken, true);
    }
    if (taken < batch.size()) {
      append(batch, taken);
    }
  }

  /** Appends a close frame, however full the outbox is; nothing follows it. */
  void writeLast(Batch frame) {
    if (ended) {
      return;
    }
    ended = true;
    int taken = offer(frame);
    if (taken < frame.size()) {
      add(frame, taken);
      feed();
    }
  }

  /**
   * @return how many bytes the operating system took at once
   */
  private int offer(Batch batch) {
    if (direct == null || gated || !isEmpty()) {
      return 0;
    }
    try {
      return SocketWriter.write(direct, batch);
    } catch (IOException lost) {
      channel.close(); // what is appended now is dropped when the channel has closed
      return 0;
    }
  }

  private void append(Batch batch, int start) {
    int size = batch.size() - start;
    boolean full = !isEmpty() && bytes + size > connection.lane().outboxLimit();
    if (full && connection.lane().closesSlowClients()) {
      int lost = dropWaiting() + batch.framesBetween(start, batch.size());
      batch.tell(connection, start, batch.size(), false);
      connection.lane().counters().dropped(Reason.SLOW_CLIENT, lost);
      slow = true;
      connection.tooSlow();
      return;
    }
    add(batch, start);
    if (full) {
      dropOldest();
    }
    feed();
  }

  private void add(Batch batch, int start) {
    batch.retain();
    waiting.add(new Range(batch, start, batch.size()));
    count(batch.size() - start);
  }

  /** Hands Netty as much as it wants. */
  void feed() {
    boolean any = false;
    while (!gated && channel.isWritable()) {
      Range range = waiting.poll(CHUNK);
      if (range == null) {
        break;
      }
      sent.add(range);
      any = true;
      // the range's reference goes to Netty with the slice
      channel.write(range.batch.bytes().slice(range.start, range.size())).addListener(this);
    }
    if (any) {
      channel.flush();
    }
  }

  /** The operating system took the oldest range that Netty has, or never will. */
  @Override
  public void operationComplete(ChannelFuture future) {
    Range range = sent.poll();
    if (range == null) {
      throw new IllegalStateException("Netty answered a write that was not made");
    }
    count(-range.size());
    range.tell(connection, future.isSuccess());
    if (!future.isSuccess()) {
      channel.close();
      return;
    }
    feed();
    if (isEmpty() && ended) {
      connection.flushed();
    }
  }

  /** The channel has closed: what waits will never be written. */
  void close() {
    ended = true;
    dropWaiting();
  }

  /**
   * @return how many frames
   */
  private int dropWaiting() {
    int frames = 0;
    for (Range range = waiting.poll(); range != null; range = waiting.poll()) {
      frames += drop(range);
    }
    return frames;
  }

  private void dropOldest() {
    int frames = 0;
    while (bytes > connection.lane().outboxLimit()) {
      Range oldest = waiting.pollUnlessLast();
      if (oldest == null) {
        break;
      }
      frames += drop(oldest);
    }
    connection.lane().counters().dropped(Reason.SLOW_CLIENT, frames);
  }

  private int drop(Range range) {
    count(-range.size());
    range.tell(connection, false);
    int frames = range.batch.framesBetween(range.start, range.end);
    range.batch.release();
    return frames;
  }

  private void count(int change) {
    bytes += change;
    connection.lane().queued(change);
  }
}
