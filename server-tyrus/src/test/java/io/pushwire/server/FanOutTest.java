package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.core.Sender;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Many clients for a while: all arrives, in order, once. */
class FanOutTest {
  private static final int CLIENTS = 1000;
  private static final int PER_SECOND = 20;
  private static final int SECONDS = Boolean.getBoolean("pushwire.long") ? 30 : 10;
  private static final int MESSAGES = PER_SECOND * SECONDS;

  @Test
  void everyoneGetsEveryMessageOnceAndInOrder() throws Exception {
    EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try (TestServer server = TestServer.start()) {
      CountDownLatch open = new CountDownLatch(CLIENTS);
      List<Counter> counters = new ArrayList<>();
      Bootstrap bootstrap =
          new Bootstrap()
              .group(clients)
              .channel(NioSocketChannel.class)
              .handler(
                  new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      Counter counter = new Counter(server.port(), open);
                      counters.add(counter);
                      channel.pipeline().addLast(counter);
                    }
                  });
      for (int i = 0; i < CLIENTS; i++) {
        bootstrap.connect("127.0.0.1", server.port()).sync();
      }
      assertThat(open.await(60, TimeUnit.SECONDS)).isTrue();

      Sender sender = server.server().node().sender();
      AtomicInteger sent = new AtomicInteger();
      clock.scheduleAtFixedRate(
          () -> {
            if (sent.get() < MESSAGES) {
              sender.send(Target.everyone(), Payload.text(String.valueOf(sent.getAndIncrement())));
            }
          },
          0,
          1000 / PER_SECOND,
          TimeUnit.MILLISECONDS);
      Awaitility.await()
          .atMost(Duration.ofSeconds(4 * SECONDS))
          .until(() -> counters.stream().allMatch(counter -> counter.next >= MESSAGES));

      // what came twice would come before the end
      sender.send(Target.everyone(), Payload.text(String.valueOf(MESSAGES)));
      Awaitility.await()
          .until(() -> counters.stream().allMatch(counter -> counter.next > MESSAGES));
      assertThat(counters).hasSize(CLIENTS).allMatch(counter -> counter.wrong == 0);
    } finally {
      clock.shutdownNow();
      clients.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  /** Expects 0, 1, 2 and so on. */
  private static final class Counter extends ByteToMessageDecoder {
    private final int port;
    private final CountDownLatch open;
    private boolean upgraded;
    private volatile int next;
    private volatile int wrong;

    Counter(int port, CountDownLatch open) {
      this.port = port;
      this.open = open;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      String request = RawWebSocket.request("/ws", port, "");
      context.writeAndFlush(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII));
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
      if (!upgraded) {
        int end = in.toString(StandardCharsets.US_ASCII).indexOf("\r\n\r\n");
        if (end < 0) {
          return;
        }
        in.skipBytes(end + 4);
        upgraded = true;
        open.countDown();
      }
      while (in.readableBytes() >= 2) {
        int length = in.getByte(in.readerIndex() + 1);
        if (in.readableBytes() < 2 + length) {
          return;
        }
        int opcode = in.readByte() & 0x0F;
        in.skipBytes(1);
        String text = in.readCharSequence(length, StandardCharsets.US_ASCII).toString();
        if (opcode == RawWebSocket.TEXT) {
          if (text.equals(String.valueOf(next))) {
            next++;
          } else {
            wrong++;
          }
        } else if (opcode == RawWebSocket.CLOSE) {
          wrong++;
        }
      }
    }
  }
}
