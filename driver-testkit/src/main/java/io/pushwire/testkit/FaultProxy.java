package io.pushwire.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy that breaks connections in the ways that networks do. Faults apply to connections
 * that are open and to new ones until {@link #heal}. Two threads for each connection: for tests.
 *
 * @since 0.1
 */
public final class FaultProxy implements AutoCloseable {
  private static final int CONNECT_MILLIS = 2000;

  private final ServerSocket server;
  private final int targetPort;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private final Faults faults = new Faults();

  private FaultProxy(int targetPort) throws IOException {
    this.targetPort = targetPort;
    server = new ServerSocket(Ports.free(), 50, InetAddress.getLoopbackAddress());
    start("accept", this::accept);
  }

  /**
   * @param port where the broker listens on the loopback address
   * @return a proxy before it, which forwards
   */
  public static FaultProxy to(int port) {
    try {
      return new FaultProxy(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @return where it listens on the loopback address
   */
  public int port() {
    return server.getLocalPort();
  }

  /** Resets all connections (RST); new ones are welcome. */
  public void cut() {
    sockets.forEach(this::reset);
  }

  /** Resets all connections, and new ones at once, as if the broker were down. */
  public void refuse() {
    faults.refuse();
    cut();
  }

  /** Swallows nothing and forwards nothing: connections stay open, new ones get no answer. */
  public void blackHole() {
    faults.blackHole();
  }

  /** Ends the direction from the broker to the clients of all connections, and leaves the other. */
  public void halfClose() {
    for (Socket socket : sockets) {
      try {
        if (socket.getLocalPort() == port()) {
          socket.shutdownOutput();
        }
      } catch (IOException e) {
        // closed already
      }
    }
  }

  /**
   * Delays what is forwarded, in each direction.
   *
   * @param delay by how long
   */
  public void latency(Duration delay) {
    faults.latency(delay);
  }

  /**
   * Slows down each direction of each connection.
   *
   * @param bytes how many bytes go through in a second
   */
  public void throttle(int bytes) {
    faults.throttle(bytes);
  }

  /** Ends all faults; what a black hole held back goes on. */
  public void heal() {
    faults.heal();
  }

  /**
   * @return how many connections go through it
   */
  public int connections() {
    return sockets.size() / 2;
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = server.accept();
      sockets.add(client);
      if (faults.areRefusing()) {
        cut();
      } else {
        start("connect", () -> connect(client));
      }
    }
  }

  private void connect(Socket client) {
    Socket broker = new Socket();
    try {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      broker.connect(new InetSocketAddress(loopback, targetPort), CONNECT_MILLIS);
      client.setTcpNoDelay(true);
      broker.setTcpNoDelay(true);
      sockets.add(broker);
      start("up", () -> forward(client, broker));
      forward(broker, client);
    } catch (IOException e) {
      reset(broker);
      reset(client);
    }
  }

  private void forward(Socket from, Socket to) {
    byte[] buffer = new byte[Faults.CHUNK];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer, 0, faults.chunk());
          n >= 0;
          n = in.read(buffer, 0, faults.chunk())) {
        faults.awaitPassage(n);
        out.write(buffer, 0, n);
      }
      to.shutdownOutput();
      if (from.isOutputShutdown()) {
        close(from); // both directions have ended
        close(to);
      }
    } catch (IOException e) {
      reset(from);
      reset(to);
    }
  }

  private void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // closed already
    }
    close(socket);
  }

  private void close(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // nobody is left to be told
    }
  }

  private static void start(String name, Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // the proxy was closed
              }
            },
            "fault-proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Ends it and resets its connections. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    heal();
    cut();
  }

  private interface Task {
    void run() throws IOException;
  }
}
