package io.pushwire.server.transport;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

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

  Class<? extends ServerChannel> acceptors() {
    return this == NIO ? NioServerSocketChannel.class : EpollServerSocketChannel.class;
  }

  IoHandlerFactory handlers() {
    return this == NIO ? NioIoHandler.newFactory() : EpollIoHandler.newFactory();
  }
}
