package io.pushwire.server.transport;

import io.netty.buffer.ByteBufAllocator;
import io.pushwire.api.ConnectionId;
import io.pushwire.api.Envelope;
import io.pushwire.api.NodeId;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.core.Connection;
import io.pushwire.core.Ids;
import io.pushwire.core.InMemoryCounters;
import io.pushwire.core.Lane;
import io.pushwire.core.WriteListener;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the metrics cost: all that a lane does for one message and so many connections but the
 * system calls, with counting and without. The difference, divided by the connections, is the cost
 * of a delivery.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
public class MetricsBenchmark {
  /** Who gets the message. */
  @Param({"1", "10", "1000"})
  public int connections;

  private final DeliveryTimes times = new DeliveryTimes();
  private final InMemoryCounters counters = new InMemoryCounters();
  private final Connection connection = new Nobody();
  private final Envelope envelope =
      Envelope.builder(Target.everyone(), Payload.text("x"))
          .id(Ids.next())
          .sentAt(Instant.now())
          .build();

  /** A message's frame is made and offered to each connection, and all is counted. */
  @Benchmark
  public void counted() {
    write(times);
    counters.delivered(connections);
  }

  /** The same, and nothing is counted. */
  @Benchmark
  public void uncounted() {
    write(null);
  }

  private void write(@Nullable DeliveryTimes counts) {
    Batch batch = new Batch(ByteBufAllocator.DEFAULT, envelope.payload(), counts);
    batch.add(envelope, WriteListener.NONE);
    for (int i = 0; i < connections; i++) {
      batch.tell(connection, 0, batch.size(), true);
    }
    batch.settle();
    batch.release();
  }

  /** A connection that is only passed on. */
  private static final class Nobody implements Connection {
    @Override
    public ConnectionId id() {
      return new ConnectionId(new NodeId("n"), 1, 1);
    }

    @Override
    public Optional<String> user() {
      return Optional.empty();
    }

    @Override
    public Lane lane() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close(int code, String reason) {}
  }
}
