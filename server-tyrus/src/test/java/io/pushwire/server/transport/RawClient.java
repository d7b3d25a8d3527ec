package io.pushwire.server.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A client that says exactly what a test wants, byte by byte. */
final class RawClient implements AutoCloseable {
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;
  static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private static final int TIMEOUT = 20_000;
  private static final byte[] MASK = {1, 2, 3, 4};

  private final Socket socket = new Socket();
  private final DataInputStream in;

  record Frame(boolean fin, int opcode, byte[] payload) {
    String text() {
      return new String(payload, UTF_8);
    }

    int closeCode() {
      return opcode == CLOSE && payload.length >= 2
          ? (payload[0] & 0xFF) << 8 | payload[1] & 0xFF
          : -1;
    }
  }

  record Answer(int status, String head, String body) {}

  RawClient(int port) throws IOException {
    this(port, 0);
  }

  /**
   * @param receiveBuffer 0: the system's default
   */
  RawClient(int port, int receiveBuffer) throws IOException {
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT);
    socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
  }

  /** Opens a WebSocket. */
  static RawClient open(int port, String path) throws IOException {
    return new RawClient(port).upgrade(path);
  }

  RawClient upgrade(String path) throws IOException {
    send(upgradeRequest(path));
    Answer answer = readAnswer();
    if (answer.status() != 101) {
      throw new IOException("Not 101: " + answer);
    }
    return this;
  }

  static String upgradeRequest(String path, String... more) {
    StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n");
    request.append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n");
    request.append("Sec-WebSocket-Key: " + KEY + "\r\n");
    for (String header : more) {
      request.append(header).append("\r\n");
    }
    return request.append("\r\n").toString();
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(UTF_8));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  RawClient sendFrame(int opcode, String text) throws IOException {
    return send(frame(true, opcode, true, text.getBytes(UTF_8)));
  }

  static byte[] frame(boolean fin, int opcode, boolean masked, byte[] payload) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeByte((fin ? 0x80 : 0) | opcode);
      int mask = masked ? 0x80 : 0;
      if (payload.length < 126) {
        out.writeByte(mask | payload.length);
      } else if (payload.length < 65536) {
        out.writeByte(mask | 126);
        out.writeShort(payload.length);
      } else {
        out.writeByte(mask | 127);
        out.writeLong(payload.length);
      }
      if (masked) {
        out.write(MASK);
      }
      for (int i = 0; i < payload.length; i++) {
        out.writeByte(masked ? payload[i] ^ MASK[i % 4] : payload[i]);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  Frame readFrame() throws IOException {
    int first = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    if (length > 127) {
      throw new IOException("The server masks its frames");
    }
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = Math.toIntExact(in.readLong());
    }
    byte[] payload = new byte[length];
    in.readFully(payload);
    return new Frame((first & 0x80) != 0, first & 0x7F, payload);
  }

  /** Reads up to the close frame, and answers it. */
  int readCloseCode() throws IOException {
    Frame frame = readFrame();
    while (frame.opcode() != CLOSE) {
      frame = readFrame();
    }
    try {
      send(frame(true, CLOSE, true, frame.payload()));
    } catch (IOException closedAlready) {
      // then it need not be answered
    }
    return frame.closeCode();
  }

  Answer readAnswer() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    int status = Integer.parseInt(head.substring(9, 12));
    int length = 0;
    for (String line : head.toString().split("\r\n")) {
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(15).trim());
      }
    }
    byte[] body = new byte[length];
    in.readFully(body);
    return new Answer(status, head.toString(), new String(body, ISO_8859_1));
  }

  /** Reads to the end. False: the server has not closed the socket in time. */
  boolean readsEnd() {
    try {
      while (in.read() >= 0) {
        // whatever is still on its way
      }
      return true;
    } catch (EOFException e) {
      return true;
    } catch (IOException e) {
      return !(e instanceof java.net.SocketTimeoutException); // a reset is an end too
    }
  }

  InputStream in() {
    return in;
  }

  /** Closes with a reset instead of a FIN. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
