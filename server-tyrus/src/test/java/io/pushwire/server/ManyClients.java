package io.pushwire.server;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** As many clients as a test wants, on one thread. They answer pings and closes. */
final class ManyClients implements AutoCloseable {
  private static final int AT_ONCE = 100;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SMALL_BUFFER = 4096;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  /** Fewer than any server's backlog. */
  private final Semaphore opening = new Semaphore(AT_ONCE);

  private final int port;

  /** Called on the clients' thread. */
  interface Listener {
    /**
     * @param payload of a text or binary frame; not to be kept
     */
    void message(ByteBuf payload);
  }

  ManyClients(int port) {
    this.port = port;
  }

  /** Opens WebSockets, and waits until all are open. */
  List<Client> open(int count, String path, Listener listener) {
    return open(count, path, listener, true);
  }

  /** Opens WebSockets of clients that read nothing but the answer to their handshake. */
  List<Client> openUnread(int count, String path) {
    return open(count, path, payload -> {}, false);
  }

  private List<Client> open(int count, String path, Listener listener, boolean reads) {
    String request = RawWebSocket.request(path, port, "");
    List<Client> clients = connect(count, request, listener, reads);
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> clients.stream().allMatch(client -> client.status == 101));
    return clients;
  }

  /** Connects and sends whatever it is; returns when that is sent, or has failed. */
  List<Client> connect(int count, String request, Listener listener, boolean reads) {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Client client = new Client(request, listener, reads);
      clients.add(client);
      opening.acquireUninterruptibly();
      client.connect(opening::release);
    }
    opening.acquireUninterruptibly(AT_ONCE);
    opening.release(AT_ONCE);
    return clients;
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** One of them. */
  final class Client {
    private final byte[] request;
    private final Listener listener;
    private final boolean reads;
    private volatile Channel channel;
    volatile int status; // of the answer; 0: none yet
    volatile int closeCode;
    volatile long closedAt; // when the close frame came
    volatile boolean ended; // the socket has closed
    volatile int pings;

    private Client(String request, Listener listener, boolean reads) {
      this.request = request.getBytes(StandardCharsets.ISO_8859_1);
      this.listener = listener;
      this.reads = reads;
    }

    private void connect(Runnable done) {
      Bootstrap bootstrap =
          new Bootstrap()
              .group(loop)
              .channel(NioSocketChannel.class)
              .option(ChannelOption.TCP_NODELAY, true)
              .handler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel created) {
                      created.pipeline().addLast(new Conversation(Client.this));
                    }
                  });
      if (!reads) {
        bootstrap.option(ChannelOption.SO_RCVBUF, SMALL_BUFFER);
      }
      bootstrap
          .connect("127.0.0.1", port)
          .addListener(
              (ChannelFutureListener)
                  connected -> {
                    ended = !connected.isSuccess();
                    done.run();
                  });
    }

    private void answered(int answer) {
      if (answer == TOO_MANY_REQUESTS) {
        loop.schedule(() -> connect(() -> {}), 100, TimeUnit.MILLISECONDS);
      } else {
        status = answer;
        channel.config().setAutoRead(reads);
      }
    }

    /** Reads from now on. */
    void wakeUp() {
      channel.config().setAutoRead(true);
    }
  }

  private static final class Conversation extends ByteToMessageDecoder {
    private static final byte[] HEAD_END = {13, 10, 13, 10};
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final Client client;
    private boolean open;

    Conversation(Client client) {
      this.client = client;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      client.channel = ctx.channel();
      ctx.writeAndFlush(Unpooled.wrappedBuffer(client.request));
    }

    /** Without the superclass' read, which goes on although nothing shall be read. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      discardSomeReadBytes();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
      super.channelInactive(ctx);
      client.ended = true;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close(); // a reset
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      if (open) {
        frame(ctx, in);
      } else if (ByteBufUtil.indexOf(Unpooled.wrappedBuffer(HEAD_END), in) >= 0) {
        String head = in.toString(StandardCharsets.ISO_8859_1);
        int status = Integer.parseInt(head.substring(9, 12));
        open = status == 101;
        in.skipBytes(open ? head.indexOf("\r\n\r\n") + 4 : in.readableBytes());
        client.answered(status);
        if (!open) {
          ctx.close();
        }
      }
    }

    private void frame(ChannelHandlerContext ctx, ByteBuf in) {
      int start = in.readerIndex();
      int small = in.readableBytes() < 2 ? 0 : in.getByte(start + 1);
      int header = small < 126 ? 2 : small == 126 ? 4 : 10;
      if (in.readableBytes() < header) {
        return;
      }
      int size =
          header == 2
              ? small
              : header == 4 ? in.getUnsignedShort(start + 2) : (int) in.getLong(start + 2);
      if (in.readableBytes() < header + size) {
        return;
      }
      int opcode = in.getByte(start) & 0x0F;
      in.skipBytes(header);
      ByteBuf payload = in.readSlice(size);
      if (opcode == CLOSE) {
        client.closeCode = payload.getUnsignedShort(payload.readerIndex());
        client.closedAt = System.nanoTime();
        say(ctx, CLOSE, payload);
      } else if (opcode == PING) {
        client.pings++;
        say(ctx, PONG, payload);
      } else {
        client.listener.message(payload);
      }
    }

    /** With a mask of zeros. */
    private static void say(ChannelHandlerContext ctx, int opcode, ByteBuf payload) {
      ByteBuf frame = ctx.alloc().buffer(6 + payload.readableBytes());
      frame.writeByte(0x80 | opcode).writeByte(0x80 | payload.readableBytes()).writeInt(0);
      ctx.writeAndFlush(frame.writeBytes(payload));
    }
  }
}
