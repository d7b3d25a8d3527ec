package io.pushwire.server.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.util.Map;

/** Sets up an accepted socket. */
final class SocketInitializer {
  private final Services services;
  private final Map<EventLoop, NettyLane> lanes;

  SocketInitializer(Services services, Map<EventLoop, NettyLane> lanes) {
    this.services = services;
    this.lanes = lanes;
  }

  void initChannel(Channel channel) {
    NettyLane lane = lanes.get(channel.eventLoop());
    if (lane == null) {
      throw new IllegalStateException("A socket on a foreign event loop");
    }
    Census census = services.census();
    boolean full = census.socketOpened() > services.config().maxSockets();
    channel.closeFuture().addListener(closed -> census.socketClosed());
    RequestDecoder decoder = new RequestDecoder();
    if (full) {
      channel.pipeline().addLast(new HttpResponseEncoder());
      channel
          .writeAndFlush(Problems.unavailable("This node has too many connections"))
          .addListener(ChannelFutureListener.CLOSE);
    } else {
      channel
          .pipeline()
          .addLast(decoder)
          .addLast(new HttpResponseEncoder())
          .addLast(new HttpServerHandler(services, lane, channel, decoder));
    }
  }
}
