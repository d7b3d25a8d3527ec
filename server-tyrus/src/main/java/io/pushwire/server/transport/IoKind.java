package io.pushwire.server.transport;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.Inet4Address;
import java.net.InetAddress;

/** How bytes reach the sockets. */
public enum IoKind {
  /** Native epoll; frames are written straight to the descriptor where that is possible. */
  EPOLL_DIRECT,
  /** Native epoll; everything goes through Netty's outbound buffer. */
  EPOLL,
  /** The JDK's selector; runs everywhere. */
  NIO;

  /**
   * @return the fastest one that works on this machine
   */
  public static IoKind best() {
    return Epoll.isAvailable() ? EPOLL_DIRECT : NIO;
  }

  /** Makes what listens at this address. */
  ServerChannel acceptor(InetAddress address) {
    if (this == NIO) {
      return new NioServerSocketChannel();
    }
    // the system takes a little longer for each frame if IPv4 comes through a socket for IPv6
    return address instanceof Inet4Address
        ? new EpollServerSocketChannel(SocketProtocolFamily.INET)
        : new EpollServerSocketChannel();
  }

  IoHandlerFactory handlers() {
    return this == NIO ? NioIoHandler.newFactory() : EpollIoHandler.newFactory();
  }
}
