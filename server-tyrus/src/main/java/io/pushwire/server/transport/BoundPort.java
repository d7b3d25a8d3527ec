package io.pushwire.server.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A port that is this program's, although nobody is served yet: what connects waits with the
 * operating system until {@link NettyServer#start}. So a port that is taken shows before anything
 * else is begun. Owns the event loops.
 */
public final class BoundPort implements AutoCloseable {
  /**
   * The kernel's own buffer for one socket, in bytes (it takes twice as much): without a limit it
   * would take some 4 MB for a client that does not read before the outbox hears of it.
   */
  private static final int SEND_BUFFER = 128 << 10;

  /** Netty's own buffer: little, since what it holds cannot be dropped any more. */
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(8 << 10, 16 << 10);

  private static final int MAX_READ = 16 << 10;
  private static final int BACKLOG = 4096;
  private static final int CLOSE_MILLIS = 3_000;

  private final EventLoopGroup loops;
  private final Channel acceptor;
  private final int number;
  private volatile @Nullable SocketInitializer sockets;

  private BoundPort(TransportConfig config) {
    loops =
        new MultiThreadIoEventLoopGroup(
            config.eventLoops(), new DefaultThreadFactory("pushwire-loop"), config.io().handlers());
    InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channelFactory(() -> config.io().acceptor(address.getAddress()))
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(256, 2048, MAX_READ))
            .childHandler(new Sockets())
            .bind(address)
            .awaitUninterruptibly();
    acceptor = bound.channel();
    if (!bound.isSuccess()) {
      close();
      throw new UncheckedIOException(
          new IOException(
              "Cannot listen on " + config.host() + ":" + config.port(), bound.cause()));
    }
    number = ((InetSocketAddress) acceptor.localAddress()).getPort();
  }

  /**
   * Binds a port.
   *
   * @param config says which, and how its sockets are
   * @return the port; whoever has it must close it
   * @throws UncheckedIOException if it cannot be bound; the cause has the system's words
   */
  public static BoundPort bind(TransportConfig config) {
    return new BoundPort(config);
  }

  /**
   * @return its number
   */
  public int number() {
    return number;
  }

  EventLoopGroup loops() {
    return loops;
  }

  /** Begins to accept. */
  void accept(SocketInitializer sockets) {
    this.sockets = sockets;
    acceptor.config().setAutoRead(true);
  }

  /** Accepts no more. */
  void closeAcceptor() {
    acceptor.close().awaitUninterruptibly(CLOSE_MILLIS);
  }

  /** Gives the port back and ends the event loops, in a few seconds at most. */
  @Override
  public void close() {
    closeAcceptor();
    loops
        .shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(CLOSE_MILLIS);
  }

  private final class Sockets extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      Objects.requireNonNull(sockets).initChannel(channel);
    }
  }
}
