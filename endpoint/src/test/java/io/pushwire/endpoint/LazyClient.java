package io.pushwire.endpoint;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that reads only when told to, frame by frame, so that the server sees it as slow. */
final class LazyClient implements AutoCloseable {
  private final Socket socket = new Socket();
  private final DataInputStream in;

  LazyClient(int port, String query) throws IOException {
    socket.setReceiveBufferSize(8192);
    socket.setSoTimeout(10_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    String request =
        "GET /ws?"
            + query
            + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    in = new DataInputStream(socket.getInputStream());
    String status = line();
    if (!status.startsWith("HTTP/1.1 101")) {
      throw new IOException(status);
    }
    while (!line().isEmpty()) {
      continue;
    }
  }

  /** The next whole message as text; throws if frames are not well-formed or the server ended. */
  String next() throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    boolean last = false;
    for (boolean first = true; !last; first = false) {
      int head = in.readUnsignedByte();
      if ((head & 0x0F) != (first ? 1 : 0) || (head & 0x70) != 0) {
        throw new IOException("Not the frame expected: " + head);
      }
      last = (head & 0x80) != 0;
      long length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = in.readLong();
      }
      message.write(in.readNBytes((int) length));
    }
    return message.toString(StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
