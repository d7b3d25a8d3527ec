package io.pushwire.server.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import jakarta.websocket.CloseReason;
import java.util.List;
import org.glassfish.tyrus.spi.ReadHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket once it speaks WebSocket: collects whole frames and gives them to Tyrus one by one,
 * after the checks that Tyrus does not make or makes too late. So an idle connection holds no
 * buffer, and a frame in pieces costs what its size is.
 */
final class WebSocketHandler extends ByteToMessageDecoder {
  /**
   * Tyrus gets larger frames in parts of {@value} bytes, as fragments: it keeps a buffer as large
   * as the largest frame it has seen. A multiple of four, so that each begins with the mask's first
   * byte.
   */
  static final int PART = 4096;

  /** The header of a part; that of a large frame is not shorter. */
  static final int PART_HEADER = 8;

  private static final int FIN = 0x80;
  private static final int MASKED_16_BITS = 0x80 | 126;
  private static final Logger log = LoggerFactory.getLogger(WebSocketHandler.class);

  private final Services services;
  private final NettyConnection connection;
  private @Nullable FrameCheck check; // since the first frame
  private long skip; // bytes of a frame that nobody wants

  WebSocketHandler(Services services, NettyConnection connection) {
    this.services = services;
    this.connection = connection;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object input) throws Exception {
    if (input instanceof ByteBuf) {
      connection.heard();
      super.channelRead(ctx, input);
    } else {
      ReferenceCountUtil.release(input); // the end of the HTTP request
    }
  }

  /** Without the superclass' read, which would go on although reading is paused. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    discardSomeReadBytes();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    connection.outbox().feed();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    connection.lost();
    services.census().connectionClosed();
    services.watcher().closed(connection, connection.closeCode(), connection.openNanos());
    super.channelInactive(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.debug("Connection {} failed", connection.id(), cause);
    ctx.close();
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (skip > 0) {
      skipSome(in);
      return;
    }
    if (connection.isPaused() && !connection.isEnded()) {
      return;
    }
    FrameHeader header = FrameHeader.read(in);
    if (header == null) {
      return;
    }
    FrameCheck judge = check();
    CloseReason mistake = connection.isEnded() ? null : judge.look(header, in);
    if (mistake != null) {
      connection.end(mistake);
    }
    if (connection.isEnded()) {
      skip(header, in);
    } else if (header.size() <= in.readableBytes()) {
      judge.passed(header);
      take(header, in);
    }
  }

  private FrameCheck check() {
    FrameCheck judge = check;
    if (judge == null) {
      judge = new FrameCheck(services.config().maxMessage());
      check = judge;
    }
    return judge;
  }

  /** Nobody wants it, not even whole. */
  private void skip(FrameHeader header, ByteBuf in) {
    if (header.opcode() == FrameHeader.CLOSE) {
      connection.peerEnded();
    }
    skip = header.size();
    skipSome(in);
  }

  private void skipSome(ByteBuf in) {
    int part = (int) Math.min(skip, in.readableBytes());
    in.skipBytes(part);
    skip -= part;
  }

  private void take(FrameHeader header, ByteBuf in) {
    int start = in.readerIndex();
    in.skipBytes((int) header.size());
    if (header.opcode() == FrameHeader.CLOSE) {
      connection.peerEnded();
      connection.end(ClientClose.answer(header, in, start));
    } else if (header.opcode() == FrameHeader.PONG) {
      // that it came is all that it says
    } else if (header.payload() <= PART) {
      connection.session().handle(in.nioBuffer(start, (int) header.size()));
    } else {
      takeInParts(connection.session(), header, in, start + header.length());
    }
  }

  /** A part's header stands where the bytes before it have been read. */
  private void takeInParts(ReadHandler tyrus, FrameHeader header, ByteBuf in, int start) {
    int mask = in.getInt(start - 4);
    int payload = (int) header.payload();
    for (int done = 0; done < payload && !connection.isEnded(); done += PART) {
      int size = Math.min(PART, payload - done);
      int opcode = done == 0 ? header.opcode() : FrameHeader.CONTINUATION;
      boolean last = header.isFinal() && done + size == payload;
      int at = start + done - PART_HEADER;
      in.setByte(at, last ? FIN | opcode : opcode);
      in.setByte(at + 1, MASKED_16_BITS).setShort(at + 2, size).setInt(at + 4, mask);
      tyrus.handle(in.nioBuffer(at, PART_HEADER + size));
    }
  }
}
