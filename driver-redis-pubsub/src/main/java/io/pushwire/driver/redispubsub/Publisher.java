package io.pushwire.driver.redispubsub;

import io.lettuce.core.api.StatefulRedisConnection;
import io.pushwire.api.PublishException;
import io.pushwire.api.Receipt;
import io.pushwire.core.LinkKeeper;
import io.pushwire.core.LinkOwner;
import io.pushwire.core.LinkPublisher;
import io.pushwire.driver.redispubsub.RedisConnector.Connected;
import java.time.Duration;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link that speaks. A message that cannot go out now fails now, and one that Redis does not
 * answer for fails in time; neither is sent later.
 */
final class Publisher implements LinkOwner<Connected<StatefulRedisConnection<String, byte[]>>> {
  private static final long LOOK_MILLIS = 100;
  private static final Logger log = LoggerFactory.getLogger(Publisher.class);

  private final RedisConnector connector;
  private final LinkKeeper<Connected<StatefulRedisConnection<String, byte[]>>> links;
  private final LinkPublisher<Connected<StatefulRedisConnection<String, byte[]>>> publisher;
  private final ScheduledExecutorService executor;
  private final Duration timeout;
  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

  Publisher(RedisConnector connector, RedisPubSubConfig config, ScheduledExecutorService executor) {
    this.connector = connector;
    this.links = new LinkKeeper<>("publisher's link to Redis", this, executor);
    this.publisher =
        new LinkPublisher<>(links, config.outboxSize(), "send more slowly (outbox-size)");
    this.executor = executor;
    this.timeout = config.publishTimeout();
  }

  CompletionStage<Void> start() {
    executor.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    return links.start();
  }

  CompletionStage<Receipt> publish(UUID id, String channel, byte[] bytes) {
    return publisher.publish(bytes.length, link -> publish(link, id, channel, bytes));
  }

  private CompletionStage<Receipt> publish(
      Connected<StatefulRedisConnection<String, byte[]>> link,
      UUID id,
      String channel,
      byte[] bytes) {
    Waiting one = new Waiting(id, System.nanoTime() + timeout.toNanos(), link);
    waiting.add(one);
    link.connection().async().publish(channel, bytes).whenComplete(one::answered);
    return one;
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
          links.lost(one.link, "no answer within " + timeout.toMillis() + " ms");
        }
      }
    } catch (RuntimeException e) {
      log.error("Could not look after what waits for Redis", e);
    }
  }

  void relink() {
    links.lost(links.current(), "nothing comes through");
  }

  @Override
  public CompletionStage<Connected<StatefulRedisConnection<String, byte[]>>> open() {
    return connector.publisher();
  }

  @Override
  public CompletionStage<Void> up(Connected<StatefulRedisConnection<String, byte[]>> link) {
    link.onLoss(() -> links.lost(link, "the connection was closed"));
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void down(Connected<StatefulRedisConnection<String, byte[]>> link, String why) {
    link.connection().closeAsync();
  }

  void close() {
    links.close();
  }

  /** A message that Redis has not answered for. */
  private static final class Waiting extends CompletableFuture<Receipt> {
    private final UUID id;
    private final long deadline;
    private final Connected<StatefulRedisConnection<String, byte[]>> link;

    Waiting(UUID id, long deadline, Connected<StatefulRedisConnection<String, byte[]>> link) {
      this.id = id;
      this.deadline = deadline;
      this.link = link;
    }

    void answered(@Nullable Long receivers, @Nullable Throwable e) {
      if (receivers == null) {
        completeExceptionally(
            new PublishException(
                "Redis did not take the message: "
                    + (e == null ? "no answer" : e.getMessage())
                    + ". Send it again, with the same id",
                e));
      } else if (!link.kind().countsReceivers()) {
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
