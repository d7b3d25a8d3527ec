package io.pushwire.driver.redispubsub;

import io.lettuce.core.api.StatefulRedisConnection;
import io.pushwire.api.PublishException;
import io.pushwire.api.Receipt;
import java.time.Duration;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link that speaks. A message that cannot go out now fails now, and one that Redis does not
 * answer for fails in time; neither is sent later.
 */
final class Publisher implements Link.User<StatefulRedisConnection<String, byte[]>> {
  private static final long LOOK_MILLIS = 100;
  private static final int ENTRY_BYTES = 512; // Lettuce's command and ours
  private static final Logger log = LoggerFactory.getLogger(Publisher.class);

  private final Link<StatefulRedisConnection<String, byte[]>> link;
  private final ScheduledExecutorService executor;
  private final Duration timeout;
  private final int limit;
  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicLong waitingBytes = new AtomicLong();
  private volatile boolean countsReceivers;

  Publisher(RedisConnector connector, RedisPubSubConfig config, ScheduledExecutorService executor) {
    this.link = new Link<>("publisher's link to Redis", connector::publisher, this, executor);
    this.executor = executor;
    this.timeout = config.publishTimeout();
    this.limit = config.outboxSize();
  }

  CompletionStage<Void> start() {
    executor.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    return link.start();
  }

  CompletionStage<Receipt> publish(UUID id, String channel, byte[] bytes) {
    StatefulRedisConnection<String, byte[]> connection = link.connection();
    if (connection == null) {
      return failed("There is no link to Redis at the moment; send again later");
    }
    long cost = (long) ENTRY_BYTES + bytes.length;
    if (waitingBytes.addAndGet(cost) > limit) {
      waitingBytes.addAndGet(-cost);
      return failed("More than " + limit + " bytes wait for Redis (outbox-size); send more slowly");
    }
    Waiting one = new Waiting(id, System.nanoTime() + timeout.toNanos(), connection);
    waiting.add(one);
    connection
        .async()
        .publish(channel, bytes)
        .whenComplete(
            (receivers, e) -> {
              waitingBytes.addAndGet(-cost);
              one.answered(receivers, e, countsReceivers);
            });
    return one;
  }

  private static CompletionStage<Receipt> failed(String why) {
    return CompletableFuture.failedStage(new PublishException(why));
  }

  /** Fails what has waited for too long; then the link is not what it seems. */
  private void look() {
    try {
      long now = System.nanoTime();
      for (Waiting one = waiting.peek();
          one != null && (one.isDone() || one.deadline - now <= 0);
          one = waiting.peek()) {
        waiting.remove();
        if (one.timedOut(timeout)) {
          link.lost(one.connection, "no answer within " + timeout.toMillis() + " ms");
        }
      }
    } catch (RuntimeException e) {
      log.error("Could not look after what waits for Redis", e);
    }
  }

  void relink() {
    link.lost(link.connection(), "nothing comes through");
  }

  @Override
  public void up(StatefulRedisConnection<String, byte[]> connection, ServerKind kind) {
    countsReceivers = kind.countsReceivers();
  }

  @Override
  public void down(String reason) {}

  void close() {
    link.close();
  }

  /** A message that Redis has not answered for. */
  private static final class Waiting extends CompletableFuture<Receipt> {
    private final UUID id;
    private final long deadline;
    private final StatefulRedisConnection<String, byte[]> connection;

    Waiting(UUID id, long deadline, StatefulRedisConnection<String, byte[]> connection) {
      this.id = id;
      this.deadline = deadline;
      this.connection = connection;
    }

    void answered(@Nullable Long receivers, @Nullable Throwable e, boolean counts) {
      if (receivers == null) {
        completeExceptionally(
            new PublishException(
                "Redis did not take the message: "
                    + (e == null ? "no answer" : e.getMessage())
                    + ". Send it again, with the same id",
                e));
      } else if (!counts) {
        complete(Receipt.builder(id, Receipt.Status.ACCEPTED).build());
      } else {
        Receipt.Status status = receivers == 0 ? Receipt.Status.NOBODY : Receipt.Status.ACCEPTED;
        complete(Receipt.builder(id, status).receivers(receivers.intValue()).build());
      }
    }

    boolean timedOut(Duration timeout) {
      return completeExceptionally(
          new PublishException(
              "Redis did not answer within "
                  + timeout.toMillis()
                  + " ms; whether it took the message is not known. Send it again, with the same"
                  + " id"));
    }
  }
}
