package io.pushwire.server.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one socket that are under way, in their order: an answer that is early waits
 * until those before it have been written. Loop only.
 */
final class Exchanges {
  /** Stands for one that did not come. */
  static final HttpRequest NO_REQUEST =
      new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");

  static {
    NO_REQUEST.setDecoderResult(DecoderResult.failure(new TimeoutException()));
  }

  private final Channel channel;
  private final TransportListener watcher;
  private final Listener listener;
  private final Queue<Exchange> queue = new ArrayDeque<>(2);
  private int unwritten;

  /** Hears that an answer is with the operating system. */
  interface Listener {
    /**
     * @param last whether nothing may follow it
     */
    void written(boolean last);
  }

  /** A request and, as soon as there is one, its answer. */
  static final class Exchange {
    private final HttpRequest request;
    private final boolean keepAlive;
    private final long begun = System.nanoTime();
    private @Nullable FullHttpResponse response;

    private Exchange(HttpRequest request, boolean keepAlive) {
      this.request = request;
      this.keepAlive = keepAlive && HttpUtil.isKeepAlive(request);
    }
  }

  Exchanges(Channel channel, TransportListener watcher, Listener listener) {
    this.channel = channel;
    this.watcher = watcher;
    this.listener = listener;
  }

  /**
   * @return requests that came and whose answers the operating system does not have yet
   */
  int underWay() {
    return queue.size() + unwritten;
  }

  /**
   * @param keepAlive whether a further request may follow, if the client wants it too
   */
  Exchange begin(HttpRequest request, boolean keepAlive) {
    Exchange exchange = new Exchange(request, keepAlive);
    queue.add(exchange);
    return exchange;
  }

  void answer(Exchange exchange, FullHttpResponse response) {
    exchange.response = response;
    for (Exchange next = queue.peek(); next != null; next = queue.peek()) {
      FullHttpResponse ready = next.response;
      if (ready == null) {
        break;
      }
      queue.remove();
      write(next, ready);
    }
  }

  private void write(Exchange exchange, FullHttpResponse response) {
    boolean keepAlive = exchange.keepAlive && HttpUtil.isKeepAlive(response);
    if (!response.status().equals(HttpResponseStatus.NOT_MODIFIED)) {
      // of 304 it would be the file's (RFC 9110, section 8.6)
      HttpUtil.setContentLength(response, response.content().readableBytes());
    }
    if (keepAlive) {
      HttpUtil.setKeepAlive(response.headers(), exchange.request.protocolVersion(), true);
    } else {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    if (exchange.request.method().equals(HttpMethod.HEAD)) {
      response.content().clear();
    }
    watcher.answered(
        exchange.request,
        Remote.of(channel),
        response.status().code(),
        response.content().readableBytes(),
        System.nanoTime() - exchange.begun);
    unwritten++;
    ChannelFuture written = channel.writeAndFlush(response);
    written.addListener(
        (ChannelFutureListener)
            done -> {
              unwritten--;
              if (done.isSuccess()) {
                listener.written(!keepAlive);
              } else {
                channel.close();
              }
            });
  }

  /** Tells the client to send its body; only if no answer must come first. */
  void sayContinue() {
    if (underWay() == 0) {
      channel.writeAndFlush(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    }
  }

  /** The socket has closed. */
  void release() {
    for (Exchange exchange : queue) {
      if (exchange.response != null) {
        exchange.response.release();
      }
    }
    queue.clear();
  }
}
