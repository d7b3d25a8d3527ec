package io.pushwire.core;

import io.pushwire.api.Envelope;
import io.pushwire.api.Target;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings what a driver received to the lanes of the connections it is for. */
final class LocalDelivery implements Delivery {
  private static final Logger log = LoggerFactory.getLogger(LocalDelivery.class);

  private static final CompletionStage<Outcome> DELIVERED =
      CompletableFuture.completedStage(Outcome.DELIVERED);
  private static final CompletionStage<Outcome> NOBODY_HERE =
      CompletableFuture.completedStage(Outcome.NOBODY_HERE);
  private static final CompletionStage<Outcome> REJECTED =
      CompletableFuture.completedStage(Outcome.REJECTED);

  private final LocalRegistry registry;
  private final Cluster cluster;
  private final Counters counters;
  private final Clock clock;
  private final boolean driverMayRepeat;
  private final @Nullable Consumer<Envelope> arrivals;
  private final Duplicates duplicates = new Duplicates(System::nanoTime);
  private final Overflow overflow = new Overflow(this::interrupted);
  private volatile boolean closed;

  LocalDelivery(
      LocalRegistry registry,
      Cluster cluster,
      Counters counters,
      Clock clock,
      boolean driverMayRepeat,
      @Nullable Consumer<Envelope> arrivals) {
    this.registry = registry;
    this.cluster = cluster;
    this.counters = counters;
    this.clock = clock;
    this.driverMayRepeat = driverMayRepeat;
    this.arrivals = arrivals;
  }

  @Override
  public CompletionStage<Outcome> deliver(Envelope envelope, Arrival arrival) {
    cluster.heard();
    try {
      return closed ? NOBODY_HERE : checked(envelope, arrival);
    } catch (RuntimeException e) {
      log.error("Could not deliver {}", envelope, e);
      return REJECTED;
    }
  }

  private CompletionStage<Outcome> checked(Envelope envelope, Arrival arrival) {
    if (envelope.ttl().isPresent() && envelope.expired(clock.instant())) {
      counters.dropped(Counters.Reason.EXPIRED, 1);
      return REJECTED;
    }
    boolean forNodes =
        envelope.target() instanceof Target.Node || envelope.target() instanceof Target.Nodes;
    if (forNodes != (envelope.kind() == Envelope.Kind.CONTROL)) {
      log.warn("Refused what no node sends: {}", envelope);
      counters.dropped(Counters.Reason.FORBIDDEN, 1);
      return REJECTED;
    }
    if (forNodes) {
      cluster.received(envelope);
      return DELIVERED;
    }
    if (!driverMayRepeat && !envelope.idGiven()) {
      return write(envelope, arrival);
    }
    if (duplicates.contains(envelope)) {
      counters.dropped(Counters.Reason.DUPLICATE, 1);
      return DELIVERED;
    }
    CompletionStage<Outcome> first = duplicates.underWay(envelope);
    if (first != null) {
      return first.thenCompose(outcome -> deliver(envelope, arrival));
    }
    CompletionStage<Outcome> outcome = write(envelope, arrival);
    if (outcome == DELIVERED) {
      duplicates.add(envelope);
      return outcome;
    }
    return outcome == NOBODY_HERE ? outcome : duplicates.addIfDelivered(envelope, outcome);
  }

  private CompletionStage<Outcome> write(Envelope envelope, Arrival arrival) {
    if (envelope.target() instanceof Target.Connection one) {
      Bound bound = registry.bound(one.id());
      return bound == null
          ? nobody()
          : handOver(envelope, arrival, Members.of(bound.connection()), bound.groups());
    }
    LaneGroups[] lanes = registry.interest().lanes(envelope.target());
    return lanes.length == 0 ? nobody() : handOver(envelope, arrival, null, lanes);
  }

  private CompletionStage<Outcome> handOver(
      Envelope envelope, Arrival arrival, @Nullable Members only, LaneGroups... lanes) {
    if (arrivals != null) {
      tell(arrivals, envelope);
    }
    if (arrival.stored()) {
      StoredDelivery stored = new StoredDelivery(lanes.length);
      for (LaneGroups lane : lanes) {
        lane.offer(new StoredEntry(envelope, only, stored));
      }
      return stored.outcome();
    }
    LaneGroups.Entry entry = new LaneGroups.Entry(envelope, only);
    boolean taken = false;
    for (LaneGroups lane : lanes) {
      if (lane.offer(entry)) {
        taken = true;
      } else {
        counters.dropped(Counters.Reason.OVERFLOW, 1);
        overflow.happened();
      }
    }
    // what no lane took is not remembered as delivered: the sender may try again
    return taken ? DELIVERED : NOBODY_HERE;
  }

  private static void tell(Consumer<Envelope> arrivals, Envelope envelope) {
    try {
      arrivals.accept(envelope);
    } catch (RuntimeException | Error e) { // the connections must get it all the same
      log.error("The listener for arrivals failed for {}", envelope, e);
    }
  }

  private CompletionStage<Outcome> nobody() {
    counters.dropped(Counters.Reason.NOBODY, 1);
    return NOBODY_HERE;
  }

  @Override
  public void interrupted(Interruption interruption) {
    if (!closed) {
      counters.interrupted();
      log.warn("Messages may have been missed: {}", interruption);
    }
  }

  void close() {
    closed = true;
  }

  private static final class StoredEntry extends LaneGroups.Entry {
    private final StoredDelivery delivery;

    StoredEntry(Envelope envelope, @Nullable Members only, StoredDelivery delivery) {
      super(envelope, only);
      this.delivery = delivery;
    }

    @Override
    boolean stored() {
      return true;
    }

    @Override
    void reached(int members) {
      delivery.reached(members);
    }

    @Override
    void failed() {
      delivery.giveUp();
    }

    @Override
    WriteListener listener() {
      return delivery;
    }
  }

  /** Reports full hand-overs once a second at most, not once for each message. */
  private static final class Overflow {
    private static final long INTERVAL = 1_000_000_000L;

    private final Consumer<Interruption> report;
    private long reportedAt = System.nanoTime() - INTERVAL;

    Overflow(Consumer<Interruption> report) {
      this.report = report;
    }

    void happened() {
      synchronized (this) {
        if (System.nanoTime() - reportedAt < INTERVAL) {
          return;
        }
        reportedAt = System.nanoTime();
      }
      Instant now = Instant.now();
      report.accept(
          Interruption.of(now, now, "More arrived than this node's event loops can write"));
    }
  }
}
