package io.pushwire.server.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import java.nio.ByteBuffer;
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
  /** The most fragments of one message: each costs Tyrus an object, even an empty one. */
  static final int MAX_FRAGMENTS = 4096;

  private static final int MAX_CONTROL = 125;
  private static final Logger log = LoggerFactory.getLogger(WebSocketHandler.class);

  private final Services services;
  private final NettyConnection connection;
  private @Nullable ReadHandler tyrus;
  private int message; // bytes of the fragments so far
  private int fragments;
  private long skip; // bytes of a frame that nobody wants

  WebSocketHandler(Services services, NettyConnection connection) {
    this.services = services;
    this.connection = connection;
  }

  /** Opens the session. The answer to the handshake has been written. */
  void open(Opening opening) {
    connection.lane().connections().add(connection);
    org.glassfish.tyrus.spi.Connection opened = opening.open(new TyrusWriter(connection));
    tyrus = opened.getReadHandler();
    connection.opened(opened);
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
    connection.lane().connections().remove(connection);
    connection.lost();
    services.registry().unbind(connection);
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
    if (tyrus == null || (connection.isPaused() && !connection.isEnded())) {
      return;
    }
    FrameHeader header = FrameHeader.read(in);
    if (header == null) {
      return;
    }
    if (!connection.isEnded()) {
      check(header);
    }
    boolean ended = connection.isEnded();
    if (!ended && header.size() > in.readableBytes()) {
      return;
    }
    if (header.opcode() == FrameHeader.CLOSE) {
      connection.peerEnded();
    }
    if (ended) {
      // nobody wants it, not even whole
      skip = header.size();
      skipSome(in);
    } else {
      count(header);
      int size = (int) header.size();
      ByteBuffer frame = in.nioBuffer(in.readerIndex(), size);
      in.skipBytes(size);
      tyrus.handle(frame);
    }
  }

  private void skipSome(ByteBuf in) {
    int part = (int) Math.min(skip, in.readableBytes());
    in.skipBytes(part);
    skip -= part;
  }

  private void check(FrameHeader header) {
    int limit = services.config().maxMessage();
    if (!header.masked()) {
      end(CloseCodes.PROTOCOL_ERROR, "client frames must be masked");
    } else if (header.isControl()) {
      if (header.payload() > MAX_CONTROL) {
        end(CloseCodes.PROTOCOL_ERROR, "the control frame is too long");
      }
    } else if (header.payload() < 0 || header.payload() > limit - messageBefore(header)) {
      end(CloseCodes.TOO_BIG, "a message has at most " + limit + " bytes");
    } else if (fragments >= MAX_FRAGMENTS) {
      end(CloseCodes.TOO_BIG, "a message has at most " + MAX_FRAGMENTS + " fragments");
    }
  }

  private void end(CloseCodes code, String reason) {
    connection.end(new CloseReason(code, reason));
  }

  private int messageBefore(FrameHeader header) {
    return header.opcode() == FrameHeader.CONTINUATION ? message : 0;
  }

  private void count(FrameHeader header) {
    if (!header.isControl()) {
      message = header.isFinal() ? 0 : messageBefore(header) + (int) header.payload();
      fragments = header.isFinal() ? 0 : fragments + 1;
    }
  }
}
