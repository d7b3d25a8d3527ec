package io.pushwire.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports on the loopback address. Below 32768: from there on the system gives them to outgoing
 * connections, and a broker that is down for a moment would find its port taken.
 *
 * @since 0.1
 */
public final class Ports {
  private static final int FIRST = 20000;
  private static final int LAST = 31799; // and a Cluster's own ports above

  private Ports() {}

  /**
   * @param above distances to other ports that are needed with it
   * @return a port that nobody listens on, nor on those that lie so far above it
   */
  public static int free(int... above) {
    for (int attempt = 0; attempt < 1000; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      boolean free = isFree(port);
      for (int distance : above) {
        free &= isFree(port + distance);
      }
      if (free) {
        return port;
      }
    }
    throw new IllegalStateException("No free port from " + FIRST + " to " + LAST);
  }

  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
