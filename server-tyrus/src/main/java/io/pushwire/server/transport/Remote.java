package io.pushwire.server.transport;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/** Who is at the other end of a socket. */
final class Remote {
  private static final InetSocketAddress GONE = new InetSocketAddress(0);

  private Remote() {}

  /** The address; 0.0.0.0:0 if the socket closed before anybody asked. */
  static InetSocketAddress of(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress address ? address : GONE;
  }
}
