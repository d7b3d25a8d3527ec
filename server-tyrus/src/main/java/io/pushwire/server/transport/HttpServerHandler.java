package io.pushwire.server.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.ReferenceCountUtil;
import io.pushwire.server.transport.Exchanges.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket while it speaks HTTP: collects requests, has them answered in their order, and hands
 * the socket over when one of them asks for a WebSocket.
 */
final class HttpServerHandler extends ChannelInboundHandlerAdapter
    implements RequestCollector.Requests {
  /** Requests of one socket that may be under way: {@value}. */
  static final int MAX_UNDER_WAY = 16;

  /** For the first request to come: {@value} ms. */
  static final int FIRST_REQUEST_MILLIS = 10_000;

  /** For a whole body, an answer, and the silence between two requests: {@value} ms. */
  static final int IDLE_MILLIS = 60_000;

  private static final int LINGER_MILLIS = 2_000;
  private static final Logger log = LoggerFactory.getLogger(HttpServerHandler.class);

  private final Services services;
  private final NettyLane lane;
  private final Channel channel;
  private final RequestDecoder decoder;
  private final Exchanges exchanges;
  private final RequestCollector collector;
  private final Watch watch = new Watch();
  private @Nullable HttpRequest upgrade; // waits for the answers before it
  private @Nullable Handshake handshake;
  private boolean last; // no further request is taken
  private int deadline;

  HttpServerHandler(Services services, NettyLane lane, Channel channel, RequestDecoder decoder) {
    this.services = services;
    this.lane = lane;
    this.channel = channel;
    this.decoder = decoder;
    this.exchanges = new Exchanges(channel, services.watcher(), this::written);
    this.collector = new RequestCollector(channel, services, this);
    expire(FIRST_REQUEST_MILLIS);
  }

  private void expire(int millis) {
    deadline = lane.now() + Sweep.ticks(millis);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    lane.requests().add(watch);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    lane.requests().remove(watch);
    collector.release();
    exchanges.release();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    last = true;
    if (handshake != null) {
      handshake.abandon();
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.debug("A socket failed while it spoke HTTP", cause);
    ctx.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (!last) {
        if (message instanceof HttpRequest) {
          expire(IDLE_MILLIS);
        }
        collector.add(message);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void whole(HttpRequest head, ByteBuf body) {
    if (UpgradeRequests.isUpgrade(head)) {
      body.release();
      // what follows need not be HTTP
      decoder.pause();
      upgrade = head;
      upgradeIfNext();
    } else {
      answer(head, body);
    }
  }

  @Override
  public void refused(HttpRequest head, FullHttpResponse answer) {
    last = true;
    exchanges.answer(exchanges.begin(head, false), answer);
  }

  @Override
  public void awaitsContinue() {
    exchanges.sayContinue();
  }

  private void answer(HttpRequest head, ByteBuf body) {
    last = !HttpUtil.isKeepAlive(head);
    Exchange exchange = exchanges.begin(head, true);
    if (exchanges.underWay() >= MAX_UNDER_WAY) {
      decoder.pause();
    }
    FullHttpRequest full =
        new DefaultFullHttpRequest(
            head.protocolVersion(),
            head.method(),
            head.uri(),
            body,
            head.headers(),
            EmptyHttpHeaders.INSTANCE);
    try {
      services
          .http()
          .answer(full, Remote.of(channel))
          .whenComplete((response, failure) -> answered(exchange, response, failure));
    } catch (RuntimeException e) {
      answered(exchange, null, e);
    } finally {
      full.release();
    }
  }

  /** Any thread. */
  private void answered(
      Exchange exchange, @Nullable FullHttpResponse response, @Nullable Throwable failure) {
    FullHttpResponse answer = response;
    if (answer == null) {
      log.error("An HTTP request could not be answered", failure);
      answer = Problems.of(HttpResponseStatus.INTERNAL_SERVER_ERROR, "The log says more");
    }
    FullHttpResponse ready = answer;
    lane.onLoop(
        () -> {
          if (channel.isActive()) {
            exchanges.answer(exchange, ready);
          } else {
            ready.release();
          }
        });
  }

  private void written(boolean nothingFollows) {
    expire(IDLE_MILLIS);
    if (nothingFollows) {
      linger();
    } else if (upgrade != null) {
      upgradeIfNext();
    } else if (!last && exchanges.underWay() < MAX_UNDER_WAY) {
      decoder.resume();
    }
  }

  private void upgradeIfNext() {
    HttpRequest head = upgrade;
    if (head == null || exchanges.underWay() > 0 || !channel.isActive()) {
      return;
    }
    upgrade = null;
    FullHttpResponse refusal = UpgradeRequests.refusal(head);
    if (refusal == null) {
      handshake = new Handshake(services, lane, channel, head, this::handshakeRefused);
      handshake.begin(Remote.of(channel));
    } else {
      handshakeRefused(head, refusal);
    }
  }

  private void handshakeRefused(HttpRequest head, FullHttpResponse response) {
    handshake = null;
    exchanges.answer(exchanges.begin(head, true), response);
  }

  /**
   * Closes once the client has: with unread bytes of the client a close becomes a reset, and that
   * would overtake the answer.
   */
  private void linger() {
    last = true;
    expire(LINGER_MILLIS);
    if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    }
  }

  /** Looks after the time that everything may take. */
  final class Watch extends Sweep.Swept {
    /** The server closes. */
    void end() {
      last = true;
      if (exchanges.underWay() == 0) {
        channel.close();
      }
    }

    @Override
    void sweep(int now) {
      if (handshake != null) {
        handshake.sweep(now);
      } else if (now - deadline >= 0) {
        if (last || exchanges.underWay() > 0) {
          channel.close();
        } else {
          refused(
              Exchanges.NO_REQUEST,
              Problems.of(HttpResponseStatus.REQUEST_TIMEOUT, "No whole request came in time"));
        }
      }
    }
  }
}
