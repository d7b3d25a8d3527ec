package io.pushwire.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A WebSocket client that shows every byte: it blocks, and gives up after half a minute. */
final class RawWebSocket implements AutoCloseable {
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;

  /**
   * @param opcode what kind of frame
   * @param payload its bytes
   */
  record Frame(int opcode, byte[] payload) {
    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    int closeCode() {
      return ByteBuffer.wrap(payload).getShort();
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private String answer = "";

  private RawWebSocket(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(30_000);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = socket.getOutputStream();
  }

  /** The request for an upgrade; more headers may follow each other, each with its line end. */
  static String request(String path, int port, String moreHeaders) {
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: 127.0.0.1:"
        + port
        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + "Sec-WebSocket-Version: 13\r\n"
        + moreHeaders
        + "\r\n";
  }

  static RawWebSocket open(int port, String path) {
    return open(port, path, "");
  }

  /** Opens one with more headers, each with its line end. */
  static RawWebSocket open(int port, String path, String moreHeaders) {
    RawWebSocket client = ask(port, path, moreHeaders);
    String answer = client.readAnswer();
    if (!answer.startsWith("HTTP/1.1 101 ")) {
      client.hangUp();
      throw new IllegalStateException("Not opened: " + answer);
    }
    return client;
  }

  /** Sends the request, and leaves the answer for later. */
  static RawWebSocket ask(int port, String path, String moreHeaders) {
    try {
      RawWebSocket client = new RawWebSocket(new Socket("127.0.0.1", port));
      client.out.write(request(path, port, moreHeaders).getBytes(StandardCharsets.ISO_8859_1));
      return client;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the head of the answer. */
  String readAnswer() {
    try {
      answer = head();
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the handshake was answered with. */
  String answer() {
    return answer;
  }

  /** The next frame that is no ping. */
  Frame next() {
    try {
      while (true) {
        int opcode = in.readUnsignedByte() & 0x0F;
        int length = in.readUnsignedByte();
        if (length == 126) {
          length = in.readUnsignedShort();
        } else if (length == 127) {
          length = Math.toIntExact(in.readLong());
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        if (opcode != 9) {
          return new Frame(opcode, payload);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the server has ended the stream, after whatever else it sent. */
  boolean isEnded() {
    try {
      while (in.read() >= 0) {}
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  void send(int opcode, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(0x80 | opcode);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else {
      frame.write(0x80 | 126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    }
    byte[] mask = {1, 2, 3, 4};
    frame.writeBytes(mask);
    for (int i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ mask[i & 3]);
    }
    try {
      out.write(frame.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void say(String text) {
    send(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  private String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }

  @Override
  public void close() {
    hangUp();
  }

  /** Closes the socket without a close frame. */
  void hangUp() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
