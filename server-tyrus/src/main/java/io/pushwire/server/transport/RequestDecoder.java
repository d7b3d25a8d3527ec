package io.pushwire.server.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes requests, and can be told to stop after the one it has just passed on: for a bounded
 * number of requests under way, and because what follows a request to upgrade may not be HTTP.
 */
final class RequestDecoder extends HttpRequestDecoder {
  /** What may have been read while it is paused. */
  private static final int MAX_AHEAD = 64 << 10;

  private static final int MAX_LINE = 8 << 10;
  private static final int MAX_HEADERS = 16 << 10;
  private static final int MAX_CHUNK = 16 << 10;

  private boolean paused;
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
    if (!paused) {
      super.decode(ctx, buffer, out);
    } else if (buffer.readableBytes() > MAX_AHEAD) {
      ctx.channel().config().setAutoRead(false);
    }
  }
}
