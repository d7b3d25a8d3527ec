package io.pushwire.server.transport;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Offers bytes to the operating system at once, past Netty's outbound buffer: one system call and
 * no object for each connection. On the loop, and only while nothing that was written earlier
 * waits.
 */
final class SocketWriter {
  private SocketWriter() {}

  /**
   * @return where this channel's bytes may go straight to; null: they must go through Netty
   */
  static @Nullable Socket socket(Channel channel, IoKind io) {
    boolean plain = channel.pipeline().get(SslHandler.class) == null;
    return io == IoKind.EPOLL_DIRECT
            && plain
            && channel instanceof EpollSocketChannel epoll
            && epoll.fd() instanceof Socket socket
        ? socket
        : null;
  }

  /**
   * @return how many of the bytes the operating system took; 0: it takes none just now
   * @throws IOException if the socket is broken
   */
  static int write(Socket socket, Batch batch) throws IOException {
    long address = batch.address();
    // send, not write, which takes the longer way through the file system
    return address != 0 && socket.isOpen() ? socket.sendAddress(address, 0, batch.size()) : 0;
  }
}
