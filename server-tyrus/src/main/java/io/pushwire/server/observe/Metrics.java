package io.pushwire.server.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.pushwire.core.Connection;
import io.pushwire.core.Counters.Reason;
import io.pushwire.core.InMemoryCounters;
import io.pushwire.core.PushwireNode;
import io.pushwire.server.transport.DeliveryTimes;
import io.pushwire.server.transport.NettyServer;
import io.pushwire.server.transport.TransportListener;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of one node, for Prometheus. What happens often is counted where it happens, without
 * Micrometer, and summed up when somebody asks. No label ever names a user, a topic or a
 * connection.
 */
public final class Metrics implements TransportListener, AutoCloseable {
  /** Those that have a meaning here; clients may choose others, which are counted together. */
  private static final int[] CLOSE_CODES = {
    1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1013, 4401, 4403, 4408, 4409,
    4429
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final Map<Integer, Counter> closed = new HashMap<>();
  private final Counter closedOtherwise = closed("other");

  /**
   * @param node the node
   * @param counters what it counts
   */
  public Metrics(PushwireNode node, InMemoryCounters counters) {
    for (int code : CLOSE_CODES) {
      closed.put(code, closed(Integer.toString(code)));
    }
    count(
        "messages.published",
        "Messages of this node that the broker took",
        counters,
        InMemoryCounters::publishedCount);
    count(
        "messages.delivered",
        "Messages put into outboxes, times connections",
        counters,
        InMemoryCounters::deliveredCount);
    for (Reason reason : Reason.values()) {
      FunctionCounter.builder("pushwire.messages.dropped", counters, c -> c.droppedCount(reason))
          .description("What was dropped")
          .tag("reason", reason.label())
          .register(registry);
    }
    count(
        "interruptions",
        "How often messages may have been missed",
        counters,
        InMemoryCounters::interruptionCount);
    count(
        "stored",
        "Messages of this node that were stored for users",
        counters,
        InMemoryCounters::storedCount);
    count("dead", "Stored messages that were given up", counters, InMemoryCounters::deadCount);
    gauge("users", "", "Users with a connection here", () -> node.registry().users());
    gauge(
        "driver.up",
        "",
        "1 while messages come through the link to the broker",
        () -> node.link().up() ? 1 : 0);
    gauge(
        "driver.round.trip",
        "seconds",
        "How long the last probe took through the broker and back",
        () -> node.link().roundTrip().map(time -> time.toNanos() / 1e9).orElse(Double.NaN));
    bindJvm();
  }

  private void bindJvm() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    gc.bindTo(registry);
  }

  /**
   * Adds what the transport counts. Once, before the first {@link #scrape}.
   *
   * @param transport holds the connections
   */
  public void watch(NettyServer transport) {
    gauge("connections", "", "Open WebSockets", transport::connections);
    gauge("outbox", "bytes", "What waits for slow clients", transport::outboxBytes);
    registry.getPrometheusRegistry().register(() -> histogram(transport.deliveryTimes()));
  }

  /**
   * Takes a while, since the JVM is asked too: not for an event loop.
   *
   * @return all metrics in Prometheus' text format, version 0.0.4
   */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void closed(Connection connection, int code, long nanos) {
    closed.getOrDefault(code, closedOtherwise).increment();
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }

  /** Micrometer has no histogram that somebody else counts, but the registry below it has. */
  private static HistogramSnapshot histogram(DeliveryTimes times) {
    long[] counts = times.counts();
    double[] bounds = Arrays.copyOf(DeliveryTimes.bounds(), counts.length);
    bounds[counts.length - 1] = Double.POSITIVE_INFINITY;
    return HistogramSnapshot.builder()
        .name("pushwire_delivery_seconds")
        .help("From the sending of a message until the operating system had its frame")
        .dataPoint(
            HistogramSnapshot.HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
                .sum(times.sum())
                .build())
        .build();
  }

  private Counter closed(String code) {
    return Counter.builder("pushwire.connections.closed")
        .description("WebSockets that have closed")
        .tag("code", code)
        .register(registry);
  }

  private void count(
      String name,
      String meaning,
      InMemoryCounters counters,
      ToDoubleFunction<InMemoryCounters> value) {
    FunctionCounter.builder("pushwire." + name, counters, value)
        .description(meaning)
        .register(registry);
  }

  private void gauge(String name, String unit, String meaning, DoubleSupplier value) {
    Gauge.builder("pushwire." + name, value::getAsDouble)
        .baseUnit(unit.isEmpty() ? null : unit)
        .description(meaning)
        .register(registry);
  }
}
