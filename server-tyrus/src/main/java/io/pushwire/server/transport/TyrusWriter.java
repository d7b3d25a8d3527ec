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

  private final NettyConnection connection;

  TyrusWriter(NettyConnection connection) {
    this.connection = connection;
  }

  @Override
  public void write(ByteBuffer frame, CompletionHandler<ByteBuffer> done) {
    connection.lane().onLoop(() -> writeHere(frame, done));
  }

  private void writeHere(ByteBuffer frame, CompletionHandler<ByteBuffer> done) {
    boolean taken = !connection.outbox().isEnded();
    ByteBuf bytes = ByteBufAllocator.DEFAULT.directBuffer(frame.remaining()).writeBytes(frame);
    Batch batch = Batch.of(bytes);
    if ((bytes.getByte(0) & OPCODE) == FrameHeader.CLOSE) {
      connection.outbox().writeLast(batch);
    } else {
      connection.outbox().write(batch);
    }
    batch.release();
    // it is in the outbox: Tyrus must not wait on the loop until it has been written
    if (taken) {
      done.completed(frame);
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
