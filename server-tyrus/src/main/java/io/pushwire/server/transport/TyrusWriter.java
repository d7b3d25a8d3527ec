package io.pushwire.server.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.glassfish.tyrus.spi.CompletionHandler;
import org.glassfish.tyrus.spi.Writer;

/**
 * Where Tyrus sends its control frames: they go through the outbox, in order with what the lane
 * writes. Any thread.
 */
final class TyrusWriter extends Writer {
  private static final int OPCODE = 0x0F;
  private static final int CLOSE = 8;

  private final NettyConnection connection;

  TyrusWriter(NettyConnection connection) {
    this.connection = connection;
  }

  @Override
  public void write(ByteBuffer frame, CompletionHandler<ByteBuffer> done) {
    ByteBuf bytes = ByteBufAllocator.DEFAULT.directBuffer(frame.remaining()).writeBytes(frame);
    connection.lane().onLoop(() -> write(Batch.of(bytes), frame, done));
  }

  private void write(Batch frame, ByteBuffer result, CompletionHandler<ByteBuffer> done) {
    boolean taken = !connection.outbox().isEnded();
    if ((frame.bytes().getByte(0) & OPCODE) == CLOSE) {
      connection.outbox().writeLast(frame);
    } else {
      connection.outbox().write(frame);
    }
    frame.release();
    // it is in the outbox: Tyrus must not wait on the loop until it has been written
    if (taken) {
      done.completed(result);
    } else {
      done.failed(new ClosedChannelException());
    }
  }

  /** The close frame has been written, or there will be none. */
  @Override
  public void close() {
    connection.lane().onLoop(connection::ended);
  }
}
