package io.pushwire.core;

import io.pushwire.api.Envelope;
import io.pushwire.api.NodeId;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to write and read a message of 128 bytes in each of the forms that it has on a
 * broker.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class CodecBenchmark {
  private static final String CHANNEL = "pub.orders";
  private static final Target TOPIC = Target.topic("orders");
  private static final String TEXT = "x".repeat(128);

  private final EnvelopeCodec codec = new EnvelopeCodec();
  private final ForeignParser foreign = new ForeignParser(Clock.systemUTC());
  private final Envelope envelope =
      Envelope.builder(TOPIC, Payload.text(TEXT))
          .id(Ids.next())
          .origin(new NodeId("node"))
          .sentAt(Instant.now())
          .build();
  private final byte[] internal = codec.encode(envelope);
  private final byte[] raw = TEXT.getBytes(StandardCharsets.UTF_8);
  private final byte[] pw1 =
      ("PW1 {\"to\":{\"topic\":\"orders\"},\"ttl\":60}\n" + TEXT).getBytes(StandardCharsets.UTF_8);

  /**
   * The internal form, written.
   *
   * @return the bytes
   */
  @Benchmark
  public byte[] encode() {
    return codec.encode(envelope);
  }

  /**
   * The internal form, read.
   *
   * @return the envelope
   */
  @Benchmark
  public Envelope decode() {
    return codec.decode(internal);
  }

  /**
   * A bare payload of a foreign program, read.
   *
   * @return the envelope
   */
  @Benchmark
  public Envelope raw() {
    return foreign.parseFor(raw, CHANNEL, TOPIC);
  }

  /**
   * A foreign program's message with a header line, read.
   *
   * @return the envelope
   */
  @Benchmark
  public Envelope pw1() {
    return foreign.parseFor(pw1, CHANNEL, TOPIC);
  }
}
