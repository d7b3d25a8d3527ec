package io.pushwire.server.transport;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;

/**
 * Offers bytes to the operating system at once, past Netty's outbound buffer: one system call and
 * no object for each connection. Called on the loop, and only while nothing that was written
 * earlier waits.
 */
interface SocketWriter {
  /** Takes nothing: everything goes through Netty. */
  SocketWriter NONE = batch -> 0;

  /**
   * @return how many of the bytes the operating system took; 0: it takes none just now
   * @throws IOException if the socket is broken
   */
  int write(Batch batch) throws IOException;

  /**
   * @return the fastest one that is right for this channel
   */
  static SocketWriter of(Channel channel, IoKind io) {
    boolean plain = channel.pipeline().get(SslHandler.class) == null;
    if (io == IoKind.EPOLL_DIRECT && plain && channel instanceof EpollSocketChannel epoll) {
      FileDescriptor descriptor = epoll.fd();
      return batch -> {
        long address = batch.address();
        return address != 0 && descriptor.isOpen()
            ? descriptor.writeAddress(address, 0, batch.size())
            : 0;
      };
    }
    return NONE;
  }
}
