package io.pushwire.api;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * What the browser gets: text or bytes, opaque to Pushwire. Immutable; a slice of bytes that is
 * never copied on its way from the broker to the sockets.
 *
 * @since 0.1
 */
public final class Payload {
  /** Which kind of WebSocket frame the payload becomes. */
  public enum Type {
    /** A text frame; the bytes are valid UTF-8. */
    TEXT,
    /** A binary frame. */
    BINARY
  }

  private final Type type;
  private final byte[] bytes;
  private final int offset;
  private final int length;

  private Payload(Type type, byte[] bytes, int offset, int length) {
    this.type = type;
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
  }

  /**
   * @param text any text
   * @return it as a text payload
   * @throws IllegalArgumentException if it has half a surrogate pair, which UTF-8 cannot express
   */
  public static Payload text(String text) {
    try {
      ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      return new Payload(Type.TEXT, utf8.array(), utf8.arrayOffset(), utf8.remaining());
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("The text has half a surrogate pair", e);
    }
  }

  /**
   * @param bytes copied
   * @return them as a binary payload
   */
  public static Payload binary(byte[] bytes) {
    return new Payload(Type.BINARY, bytes.clone(), 0, bytes.length);
  }

  /**
   * Wraps bytes without copying them: the caller must never change them again.
   *
   * @param type what they are
   * @param bytes the array that holds them
   * @param offset where they begin
   * @param length how many there are
   * @return the payload
   * @throws IllegalArgumentException if the type is text and they are not valid UTF-8
   * @throws IndexOutOfBoundsException if the array does not hold that slice
   */
  public static Payload wrap(Type type, byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (type == Type.TEXT && !isUtf8(bytes, offset, length)) {
      throw new IllegalArgumentException("The text is not valid UTF-8");
    }
    return new Payload(type, bytes, offset, length);
  }

  /**
   * Wraps bytes without copying them: text if they are valid UTF-8, else binary.
   *
   * @param bytes the array that holds them, never to be changed again
   * @param offset where they begin
   * @param length how many there are
   * @return the payload
   */
  public static Payload guess(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    Type type = isUtf8(bytes, offset, length) ? Type.TEXT : Type.BINARY;
    return new Payload(type, bytes, offset, length);
  }

  /**
   * @return text or binary
   */
  public Type type() {
    return type;
  }

  /**
   * @return the number of bytes
   */
  public int size() {
    return length;
  }

  /**
   * @return a read-only view of the bytes, with its own position
   */
  public ByteBuffer bytes() {
    return ByteBuffer.wrap(bytes, offset, length).slice().asReadOnlyBuffer();
  }

  /**
   * @return a copy of the bytes
   */
  public byte[] toByteArray() {
    return Arrays.copyOfRange(bytes, offset, offset + length);
  }

  /**
   * @return the text
   * @throws IllegalStateException if the payload is binary
   */
  public String text() {
    if (type != Type.TEXT) {
      throw new IllegalStateException("The payload is binary");
    }
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload that
        && type == that.type
        && Arrays.equals(
            bytes, offset, offset + length, that.bytes, that.offset, that.offset + that.length);
  }

  @Override
  public int hashCode() {
    int hash = type.hashCode();
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash;
  }

  /** Type and size; never the content, which belongs in no log. */
  @Override
  public String toString() {
    return type + " of " + length + " bytes";
  }

  private static boolean isUtf8(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int ascii = offset;
    while (ascii < end && bytes[ascii] >= 0) {
      ascii++;
    }
    if (ascii == end) {
      return true;
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes, ascii, end - ascii);
    CharBuffer out = CharBuffer.allocate(Math.min(end - ascii, 1024));
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (result.isError()) {
        return false;
      }
      if (result.isUnderflow()) {
        return true;
      }
      out.clear();
    }
  }
}
