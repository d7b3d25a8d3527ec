package io.pushwire.server.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.pushwire.api.Envelope;
import io.pushwire.api.Payload;
import io.pushwire.core.Connection;
import io.pushwire.core.WriteListener;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whole frames in one buffer, built once and shared by all connections that get them; each outbox
 * that still needs it holds a reference. Lane only.
 */
final class Batch {
  /** Frames are joined up to this many bytes: {@value}; a larger one stands alone. */
  static final int JOIN_LIMIT = 64 << 10;

  private static final int FIN = 0x80;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int MAX_HEADER = 10;
  private static final int MIN_CAPACITY = 256;

  private static final Logger log = LoggerFactory.getLogger(Batch.class);

  private final ByteBuf bytes;
  private long address; // 0: not asked for yet, or there is none
  private int frames;
  private int[] ends = new int[1];
  private @Nullable WriteListener @Nullable [] listeners;

  // when each message was sent, and how many have taken all of them while the lane is writing
  private final @Nullable DeliveryTimes times;
  private long[] sentAt = new long[1];
  private int whole;
  private boolean settled;

  /**
   * @param payload the first frame's, which says how much room is made
   * @param times counts how long the messages took; null: nobody wants to know
   */
  Batch(ByteBufAllocator allocator, Payload payload, @Nullable DeliveryTimes times) {
    this.times = times;
    // direct: the kernel reads it where it is, once for each connection
    bytes = allocator.directBuffer(Math.max(MIN_CAPACITY, payload.size() + MAX_HEADER));
  }

  private Batch(ByteBuf frame) {
    bytes = frame;
    times = null;
    ends[frames++] = frame.readableBytes();
    address(); // asked for here, since one of them is shared by all lanes
  }

  /**
   * @param frame one whole frame; the batch owns it
   */
  static Batch of(ByteBuf frame) {
    return new Batch(frame);
  }

  /** Whether a further frame may be joined. */
  boolean hasRoomFor(Payload payload) {
    return bytes.writerIndex() + MAX_HEADER + payload.size() <= JOIN_LIMIT;
  }

  void add(Envelope envelope, WriteListener listener) {
    writeFrame(envelope.payload());
    if (frames == ends.length) {
      ends = Arrays.copyOf(ends, frames * 4);
      sentAt = Arrays.copyOf(sentAt, ends.length);
      listeners = listeners == null ? null : Arrays.copyOf(listeners, ends.length);
    }
    if (listener != WriteListener.NONE) {
      if (listeners == null) {
        listeners = new WriteListener[ends.length];
      }
      listeners[frames] = listener;
    }
    sentAt[frames] = envelope.sentAt().toEpochMilli();
    ends[frames++] = bytes.writerIndex();
  }

  private void writeFrame(Payload payload) {
    int size = payload.size();
    bytes.ensureWritable(size + MAX_HEADER);
    address = 0; // it may have moved
    bytes.writeByte(FIN | (payload.type() == Payload.Type.TEXT ? TEXT : BINARY));
    if (size < 126) {
      bytes.writeByte(size);
    } else if (size <= 0xFFFF) {
      bytes.writeByte(126).writeShort(size);
    } else {
      bytes.writeByte(127).writeLong(size);
    }
    bytes.writeBytes(payload.bytes());
  }

  ByteBuf bytes() {
    return bytes;
  }

  /** Where the bytes lie in memory, asked of the buffer once only; 0 if it does not tell. */
  long address() {
    if (address == 0 && bytes.hasMemoryAddress()) {
      address = bytes.memoryAddress();
    }
    return address;
  }

  int size() {
    return bytes.writerIndex();
  }

  void retain() {
    bytes.retain();
  }

  void release() {
    bytes.release();
  }

  /**
   * The last end of a frame within {@code (start, limit]}; if there is none, the first after it.
   */
  int chunkEnd(int start, int limit) {
    int i = 0;
    while (ends[i] <= start) {
      i++;
    }
    while (i + 1 < frames && ends[i + 1] <= limit) {
      i++;
    }
    return ends[i];
  }

  /** Whether the frame that starts there is the last one. */
  boolean isLastFrame(int start) {
    return frames == 1 || start >= ends[frames - 2];
  }

  int framesBetween(int start, int end) {
    int count = 0;
    for (int i = 0; i < frames && ends[i] <= end; i++) {
      if (ends[i] > start) {
        count++;
      }
    }
    return count;
  }

  /** Tells the listeners of the frames that end within {@code (start, end]}. */
  void tell(Connection connection, int start, int end, boolean written) {
    if (written && times != null) {
      count(times, start, end);
    }
    if (listeners == null) {
      return;
    }
    for (int i = 0; i < frames && ends[i] <= end; i++) {
      WriteListener listener = listeners[i];
      if (ends[i] > start && listener != null) {
        tell(listener, connection, written);
      }
    }
  }

  /** What is taken whole while the lane writes is the rule, and costs no more than this. */
  private void count(DeliveryTimes times, int start, int end) {
    if (start == 0 && end == size() && !settled) {
      whole++;
      return;
    }
    long now = System.currentTimeMillis();
    for (int i = 0; i < frames && ends[i] <= end; i++) {
      if (ends[i] > start) {
        times.add(now - sentAt[i], 1);
      }
    }
  }

  /** The lane has written it to all its connections. */
  void settle() {
    settled = true;
    if (times != null && whole > 0) {
      long now = System.currentTimeMillis();
      for (int i = 0; i < frames; i++) {
        times.add(now - sentAt[i], whole);
      }
    }
  }

  private static void tell(WriteListener listener, Connection connection, boolean written) {
    try {
      if (written) {
        listener.written(connection);
      } else {
        listener.failed(connection);
      }
    } catch (RuntimeException e) { // the other connections must get theirs
      log.error("A listener failed for connection {}", connection.id(), e);
    }
  }
}
