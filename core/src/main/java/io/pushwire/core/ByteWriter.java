package io.pushwire.core;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A growing array of bytes. */
final class ByteWriter {
  private byte[] bytes;
  private int size;

  ByteWriter(int capacity) {
    bytes = new byte[capacity];
  }

  ByteWriter put(int b) {
    room(1);
    bytes[size++] = (byte) b;
    return this;
  }

  ByteWriter put(byte[] more) {
    return put(ByteBuffer.wrap(more));
  }

  ByteWriter put(ByteBuffer more) {
    int length = more.remaining();
    room(length);
    more.get(bytes, size, length);
    size += length;
    return this;
  }

  ByteWriter putSized(byte[] more) {
    return putVarint(more.length).put(more);
  }

  ByteWriter putLong(long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      put((int) (value >>> shift));
    }
    return this;
  }

  ByteWriter putVarint(long value) {
    long rest = value;
    while (rest > 0x7F) {
      put((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    return put((int) rest);
  }

  /** Reads what {@link #putVarint} wrote. */
  static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      byte b = in.get();
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new MalformedException("A number has more than 63 bits");
  }

  static int varintSize(long value) {
    return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
  }

  byte[] toByteArray() {
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
