package io.pushwire.core;

import io.pushwire.api.Envelope;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What nodes tell each other and themselves: roster, probe and closes, on one thread. */
final class Cluster {
  private static final Logger log = LoggerFactory.getLogger(Cluster.class);

  // of 48 KB at most; heartbeats make good for what is dropped beyond this
  private static final int MAX_WAITING = 10_000;

  private final NodeInfo self;
  private final MessageDriver driver;
  private final Counters counters;
  private final Clock clock;
  private final NodeThread thread;
  private final Probe probe;
  private final @Nullable RosterSync roster;
  private final RemoteClose closes;
  private final AtomicBoolean closed = new AtomicBoolean();

  Cluster(NodeInfo self, NodeConfig config, MessageDriver driver, Counters counters, Clock clock) {
    this.self = self;
    this.driver = driver;
    this.counters = counters;
    this.clock = clock;
    thread = new NodeThread(self.id());
    roster =
        config.roster()
            ? new RosterSync(
                new Roster(), new Roster.Holder(self), this::send, thread, config.rosterHeartbeat())
            : null;
    closes = new RemoteClose(self, this::send);
    probe =
        new Probe(
            self.incarnation(),
            config.probeInterval(),
            message -> send(new Target.Node(self.id()), message),
            driver::relink,
            this::linkChanged,
            thread,
            clock);
  }

  @Nullable RosterSync roster() {
    return roster;
  }

  RemoteClose closes() {
    return closes;
  }

  LinkStatus link() {
    return probe.status();
  }

  void start() {
    thread.run(probe::start);
    if (roster != null) {
      thread.run(roster::start);
    }
  }

  void heard() {
    probe.heard();
  }

  /** Takes a control envelope. Any thread; returns at once. */
  void received(Envelope envelope) {
    // a driver may deliver more than it was asked for
    boolean others = envelope.target() instanceof Target.Node one && !one.id().equals(self.id());
    if (!others && thread.waiting() < MAX_WAITING) {
      thread.run(() -> read(envelope));
    } else {
      counters.dropped(Counters.Reason.OVERFLOW, 1);
    }
  }

  private void read(Envelope envelope) {
    try {
      take(envelope, Control.decode(envelope.payload()));
    } catch (MalformedException e) {
      counters.dropped(Counters.Reason.MALFORMED, 1);
      log.debug("Dropped what no node says: {}", e.getMessage());
    }
  }

  private void take(Envelope envelope, Optional<Control> message) {
    if (message.isEmpty() || envelope.origin().isEmpty()) {
      log.debug("Ignored what no node of this version says: {}", envelope);
    } else if (message.get() instanceof Control.Probe p) {
      probe.received(p);
    } else if (message.get() instanceof Control.Close close) {
      closes.received(envelope.origin().get(), close);
    } else if (message.get() instanceof Control.Closed closed) {
      closes.received(closed);
    } else if (roster != null) {
      roster.received(envelope.origin().get(), message.get());
    }
  }

  private void linkChanged(boolean up) {
    if (roster != null) {
      roster.linkChanged(up);
    }
  }

  private CompletionStage<Receipt> send(Target target, Control message) {
    try {
      return driver.publish(
          Envelope.builder(target, message.encode())
              .kind(Envelope.Kind.CONTROL)
              .id(Ids.next())
              .origin(self.id())
              .sentAt(clock.instant())
              .build());
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** Ends, and says farewell: the last that is heard of this node. Blocks for 2 seconds at most. */
  void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    thread.close();
    if (roster == null) {
      return;
    }
    try {
      roster.sayFarewell().toCompletableFuture().get(1, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.debug("Nobody heard the farewell", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
