package io.pushwire.server.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes requests, and can be told to stop after the one it has just passed on: for a bounded
 * number of requests under way, and because what follows a request to upgrade may not be HTTP.
 *
 * <p>Refuses what servers and proxies are known to read differently (RFC 9112, sections 5.2 and
 * 11.2): a length together with chunks, which Netty would let through, and headers that go on in a
 * further line, which it would join. Line ends, lengths and names are Netty's to check.
 */
final class RequestDecoder extends HttpRequestDecoder {
  /** What may have been read while it is paused. */
  private static final int MAX_AHEAD = 64 << 10;

  static final int MAX_LINE = 8 << 10;
  static final int MAX_HEADERS = 16 << 10;
  private static final int MAX_CHUNK = 16 << 10;
  private static final byte LF = 10;

  private boolean paused;
  private boolean inBody;
  private boolean headBegun; // the request line has been read
  private boolean lineEnded; // what has been read ends with a line's end
  private @Nullable ChannelHandlerContext context;

  RequestDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_LINE)
            .setMaxHeaderSize(MAX_HEADERS)
            .setMaxChunkSize(MAX_CHUNK));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  void pause() {
    paused = true;
  }

  /** Goes on with what has been read already, then reads on. */
  void resume() {
    ChannelHandlerContext ctx = context;
    if (paused && ctx != null) {
      paused = false;
      ctx.executor().execute(() -> decodeRest(ctx)); // later: this may be within decode
    }
  }

  private void decodeRest(ChannelHandlerContext ctx) {
    if (!ctx.isRemoved() && !paused) {
      ctx.pipeline().fireChannelRead(Unpooled.EMPTY_BUFFER);
      ctx.channel().config().setAutoRead(true);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    if (paused) {
      if (buffer.readableBytes() > MAX_AHEAD) {
        ctx.channel().config().setAutoRead(false);
      }
    } else if (inBody || !folds(buffer)) {
      int start = buffer.readerIndex();
      super.decode(ctx, buffer, out);
      int end = buffer.readerIndex();
      lineEnded = end > start ? buffer.getByte(end - 1) == LF : lineEnded;
      if (!out.isEmpty()) {
        headBegun = false;
        inBody = !(out.get(out.size() - 1) instanceof LastHttpContent);
      }
    } else {
      buffer.skipBytes(buffer.readableBytes());
      HttpMessage refused = createInvalidMessage();
      refused.setDecoderResult(DecoderResult.failure(new DecoderException("A folded header")));
      out.add(refused);
    }
  }

  /** Whether a line of the head begins with a space. */
  private boolean folds(ByteBuf buffer) {
    boolean begun = headBegun;
    boolean lineBegins = lineEnded;
    for (int i = buffer.readerIndex(); i < buffer.writerIndex(); i++) {
      byte b = buffer.getByte(i);
      if (begun && lineBegins && b <= ' ') {
        return b == ' ' || b == '\t'; // else the head ends
      }
      begun |= b > ' ';
      lineBegins = b == LF;
    }
    return false;
  }

  @Override
  protected HttpMessage createMessage(String[] requestLine) throws Exception {
    headBegun = true;
    return super.createMessage(requestLine);
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new DecoderException("Both Content-Length and Transfer-Encoding");
  }
}
