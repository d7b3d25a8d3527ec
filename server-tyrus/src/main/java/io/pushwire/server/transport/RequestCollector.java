package io.pushwire.server.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes whole requests from heads and parts of bodies, within the limit. Unlike Netty's aggregator
 * it answers nothing itself: an answer has its place after those to the requests before. Loop only.
 */
final class RequestCollector {
  private final Channel channel;
  private final Services services;
  private final int maxBody;
  private final Requests requests;
  private @Nullable HttpRequest head; // whose body is coming
  private ByteBuf body = Unpooled.EMPTY_BUFFER;

  /** Gets what comes of it. */
  interface Requests {
    /**
     * A request is there.
     *
     * @param body to be released
     */
    void whole(HttpRequest head, ByteBuf body);

    /** A request is refused; none after it can be read. */
    void refused(HttpRequest head, FullHttpResponse answer);

    /** The client asks whether it may send the body. */
    void awaitsContinue();
  }

  RequestCollector(Channel channel, Services services, Requests requests) {
    this.channel = channel;
    this.services = services;
    this.maxBody = services.config().maxHttpBody();
    this.requests = requests;
  }

  /**
   * @param message of the decoder; stays the caller's
   */
  void add(Object message) {
    if (message instanceof HttpRequest begun) {
      begin(begun);
    }
    if (message instanceof HttpContent part && head != null) {
      append(head, part);
    }
  }

  private void begin(HttpRequest begun) {
    if (begun.decoderResult().isFailure()) {
      refuse(begun, Problems.unreadable(begun.decoderResult().cause()));
      return;
    }
    if (!hasHost(begun)) {
      refuse(begun, Problems.badRequest("There must be one header Host"));
      return;
    }
    if (isEncoded(begun)) {
      refuse(begun, Problems.badRequest("Transfer-Encoding may be chunked alone"));
      return;
    }
    if (HttpUtil.getContentLength(begun, 0L) > maxBody) {
      refuse(begun, Problems.tooLarge(maxBody));
      return;
    }
    Optional<FullHttpResponse> refusal = refusalOfBody(begun);
    if (refusal.isPresent()) {
      refuse(begun, refusal.get());
      return;
    }
    head = begun;
    if (HttpUtil.is100ContinueExpected(begun)) {
      requests.awaitsContinue();
    } else if (begun.headers().contains(HttpHeaderNames.EXPECT)) {
      refuse(begun, Problems.of(HttpResponseStatus.EXPECTATION_FAILED, "Unknown Expect"));
    }
  }

  /**
   * RFC 9112, section 3.2: with two of them, a proxy before this server might believe the other.
   */
  private static boolean hasHost(HttpRequest begun) {
    int hosts = begun.headers().getAll(HttpHeaderNames.HOST).size();
    return hosts == 1 || (hosts == 0 && begun.protocolVersion().equals(HttpVersion.HTTP_1_0));
  }

  /** RFC 9112, section 6.1: nobody here undoes another coding, and a proxy might have. */
  private static boolean isEncoded(HttpRequest begun) {
    return !begun.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING).stream()
        .allMatch(HttpHeaderValues.CHUNKED::contentEqualsIgnoreCase);
  }

  /** Who may not ask must not fill the memory either. */
  private Optional<FullHttpResponse> refusalOfBody(HttpRequest begun) {
    if (!HttpUtil.isTransferEncodingChunked(begun) && HttpUtil.getContentLength(begun, 0L) == 0) {
      return Optional.empty();
    }
    return UpgradeRequests.isUpgrade(begun)
        ? Optional.ofNullable(UpgradeRequests.refusal(begun))
        : services.http().refusal(begun);
  }

  private void append(HttpRequest begun, HttpContent part) {
    ByteBuf bytes = part.content();
    if (part.decoderResult().isFailure()) {
      refuse(begun, Problems.unreadable(part.decoderResult().cause()));
      return;
    }
    if (body.readableBytes() + bytes.readableBytes() > maxBody) {
      refuse(begun, Problems.tooLarge(maxBody));
      return;
    }
    if (bytes.isReadable()) {
      // the empty buffer has no room
      body = body.capacity() == 0 ? channel.alloc().buffer(bytes.readableBytes()) : body;
      body.writeBytes(bytes);
    }
    if (part instanceof LastHttpContent) {
      ByteBuf all = body;
      body = Unpooled.EMPTY_BUFFER;
      head = null;
      requests.whole(begun, all);
    }
  }

  private void refuse(HttpRequest begun, FullHttpResponse answer) {
    release();
    requests.refused(begun, answer);
  }

  void release() {
    head = null;
    body.release();
    body = Unpooled.EMPTY_BUFFER;
  }
}
