package io.pushwire.server.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.pushwire.api.Envelope;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.core.Ids;
import io.pushwire.core.WriteListener;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a frame costs but for the system call: made once per lane, and judged when it comes in. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class FrameBenchmark {
  private static final int SIZE = 128;
  private static final int MASKED_TEXT = 0x81;

  private final Envelope envelope =
      Envelope.builder(Target.everyone(), Payload.text("x".repeat(SIZE)))
          .id(Ids.next())
          .sentAt(Instant.now())
          .build();
  private final ByteBuf fromClient =
      Unpooled.directBuffer()
          .writeByte(MASKED_TEXT)
          .writeByte(0x80 | 126)
          .writeShort(SIZE)
          .writeInt(0)
          .writeBytes(envelope.payload().bytes());
  private final FrameCheck check = new FrameCheck(1 << 18);

  /**
   * A frame for any number of connections is made, and given back.
   *
   * @return its size
   */
  @Benchmark
  public int make() {
    Batch batch = new Batch(ByteBufAllocator.DEFAULT, envelope.payload(), null);
    batch.add(envelope, WriteListener.NONE);
    int size = batch.size();
    batch.release();
    return size;
  }

  /**
   * A client's frame of text is judged.
   *
   * @return nothing, since nothing is wrong with it
   */
  @Benchmark
  public @Nullable Object judge() {
    FrameHeader header = FrameHeader.read(fromClient);
    if (header == null) {
      throw new IllegalStateException("the header is there");
    }
    Object mistake = check.look(header, fromClient);
    check.passed(header);
    return mistake;
  }
}
