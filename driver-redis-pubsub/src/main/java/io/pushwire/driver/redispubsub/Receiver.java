package io.pushwire.driver.redispubsub;

import io.pushwire.api.Envelope;
import io.pushwire.core.Arrival;
import io.pushwire.core.Counters;
import io.pushwire.core.DriverContext;
import io.pushwire.core.ForbiddenException;
import io.pushwire.core.Interruption;
import io.pushwire.core.MalformedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decodes and delivers what the subscriber received, on one thread: that keeps every order. */
final class Receiver {
  private static final Logger log = LoggerFactory.getLogger(Receiver.class);
  private static final int BATCH = 256;
  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final DriverContext context;
  private final ChannelNames names;
  private final Ingress ingress;
  private final Inbox inbox;
  private final Thread thread;
  private volatile boolean closed;

  // the thread's
  private long reportedAt = System.nanoTime() - REPORT_NANOS;
  private Instant allWell = Instant.now();
  private long warnedAt = System.nanoTime() - REPORT_NANOS;

  Receiver(DriverContext context, RedisPubSubConfig config) {
    this.context = context;
    this.names = config.names();
    this.ingress = config.ingress();
    this.inbox = new Inbox(config.inboxSize());
    this.thread = new Thread(this::run, "pushwire-redis-pubsub-receive-" + context.self().id());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Any thread; returns at once. */
  void received(String channel, byte[] bytes) {
    inbox.put(new Inbox.Received(channel, bytes));
  }

  private void run() {
    List<Inbox.Received> batch = new ArrayList<>(BATCH);
    try {
      while (inbox.take(batch, BATCH, 1000)) {
        batch.forEach(this::deliver);
        batch.clear();
        reportDropped();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void deliver(Inbox.Received message) {
    if (closed) {
      return;
    }
    try {
      String channel = message.channel();
      if (!names.isInternal(channel)) {
        for (Envelope envelope : ingress.read(message.bytes(), channel, context.foreignParser())) {
          checkSize(envelope);
          context.delivery().deliver(envelope, Arrival.LIVE);
        }
        return;
      }
      Envelope envelope = context.codec().decode(message.bytes());
      if (!names.of(envelope.target()).equals(channel)) {
        throw new ForbiddenException("An envelope on the channel of another target");
      }
      context.delivery().deliver(envelope, Arrival.LIVE);
    } catch (MalformedException e) {
      refused(Counters.Reason.MALFORMED, e);
    } catch (ForbiddenException e) {
      refused(Counters.Reason.FORBIDDEN, e);
    } catch (Throwable e) { // the one thread that delivers must outlive whatever one message does
      log.error("A message could not be delivered", e);
    }
  }

  private void checkSize(Envelope envelope) {
    if (envelope.payload().size() > context.maxPayloadSize()) {
      throw new MalformedException(
          "A payload of " + envelope.payload().size() + " bytes, more than message.max-size");
    }
  }

  private void refused(Counters.Reason reason, RuntimeException e) {
    context.counters().dropped(reason, 1);
    // whoever can publish could fill the log as well
    if (System.nanoTime() - warnedAt > REPORT_NANOS) {
      warnedAt = System.nanoTime();
      log.warn("Dropped what may not be here: {}", e.getMessage());
    } else {
      log.debug("Dropped what may not be here: {}", e.getMessage());
    }
  }

  /** Once a second at most, not once for each message. */
  private void reportDropped() {
    if (System.nanoTime() - reportedAt < REPORT_NANOS) {
      return;
    }
    reportedAt = System.nanoTime();
    Instant now = Instant.now();
    long dropped = inbox.takeDropped();
    if (dropped > 0) {
      context.counters().dropped(Counters.Reason.OVERFLOW, dropped);
      context
          .delivery()
          .interrupted(
              Interruption.of(
                  allWell, now, "This node is too slow: " + dropped + " messages were dropped"));
    }
    allWell = now;
  }

  void close() {
    closed = true;
    inbox.close();
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
