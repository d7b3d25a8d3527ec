package io.pushwire.testkit;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One connection to Redis, spoken by hand: so that the kit needs no client library, and no test
 * trusts the client that it tests.
 */
final class Resp implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 5000;

  private final Socket socket = new Socket();
  private final InputStream in;

  private Resp(int port) throws IOException {
    try {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  static Resp connect(int port) {
    try {
      return new Resp(port);
    } catch (IOException e) {
      throw new UncheckedIOException("No connection to port " + port, e);
    }
  }

  void timeout(int millis) {
    try {
      socket.setSoTimeout(millis);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * One command and its reply: a String, a Long, a List of replies, or null.
   *
   * @throws IllegalStateException if Redis answers with an error
   */
  @Nullable Object call(byte[]... words) {
    try {
      java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
      out.writeBytes(ascii("*" + words.length + "\r\n"));
      for (byte[] word : words) {
        out.writeBytes(ascii("$" + word.length + "\r\n"));
        out.writeBytes(word);
        out.writeBytes(ascii("\r\n"));
      }
      socket.getOutputStream().write(out.toByteArray());
      return reply();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Nullable Object call(String... words) {
    byte[][] bytes = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      bytes[i] = words[i].getBytes(StandardCharsets.UTF_8);
    }
    return call(bytes);
  }

  /** The reply of a command that answers with text. */
  String text(String... words) {
    return Objects.requireNonNull(call(words), "no reply").toString();
  }

  private @Nullable Object reply() throws IOException {
    String line = line();
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+' -> rest;
      case '-' -> throw new IllegalStateException("Redis answers: " + rest);
      case ':' -> Long.parseLong(rest);
      case '$' -> bulk(Integer.parseInt(rest));
      case '*' -> {
        int size = Integer.parseInt(rest);
        List<@Nullable Object> all = new ArrayList<>();
        for (int i = 0; i < size; i++) {
          all.add(reply());
        }
        yield all;
      }
      default -> throw new IOException("Not the protocol of Redis: " + line);
    };
  }

  private @Nullable String bulk(int length) throws IOException {
    if (length < 0) {
      return null;
    }
    byte[] bytes = in.readNBytes(length);
    if (in.readNBytes(2).length < 2) {
      throw new EOFException("Redis closed the connection");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\r'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("Redis closed the connection");
      }
      line.append((char) c);
    }
    in.read();
    return line.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
