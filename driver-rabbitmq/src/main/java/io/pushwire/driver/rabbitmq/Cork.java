package io.pushwire.driver.rabbitmq;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Lets what is published together leave together. The client library flushes each message, which
 * costs a system call here, and there a wake-up of the broker's reader.
 */
final class Cork {
  private static final int BUFFER = 64 * 1024;

  private volatile Held stream = new Held(OutputStream.nullOutputStream());
  private volatile boolean holding;

  /** Makes plain sockets that obey this cork. */
  SocketFactory sockets() {
    return new CorkedSockets();
  }

  /** From now on flushing does nothing, but a full buffer leaves. */
  void hold() {
    holding = true;
  }

  /** Flushes, and from now on flushing does so again. */
  void release() throws IOException {
    holding = false;
    stream.flush();
  }

  private final class Held extends OutputStream {
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER];
    private int size;

    Held(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > BUFFER - size) {
        empty();
      }
      if (length > BUFFER) {
        out.write(bytes, offset, length);
        return;
      }
      System.arraycopy(bytes, offset, buffer, size, length);
      size += length;
    }

    @Override
    public synchronized void flush() throws IOException {
      if (!holding) {
        empty();
      }
    }

    private void empty() throws IOException {
      int length = size;
      size = 0;
      out.write(buffer, 0, length);
    }
  }

  private final class CorkedSockets extends SocketFactory {
    @Override
    public Socket createSocket() {
      return new Socket() {
        @Override
        public OutputStream getOutputStream() throws IOException {
          Held held = new Held(super.getOutputStream());
          stream = held;
          return held;
        }
      };
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(
        InetAddress address, int port, InetAddress localAddress, int localPort) {
      throw new UnsupportedOperationException();
    }
  }
}
