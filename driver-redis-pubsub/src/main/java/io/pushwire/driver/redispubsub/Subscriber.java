package io.pushwire.driver.redispubsub;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import io.pushwire.api.RefusedException;
import io.pushwire.core.Delivery;
import io.pushwire.core.Interruption;
import io.pushwire.core.LinkKeeper;
import io.pushwire.core.LinkOwner;
import io.pushwire.driver.redispubsub.RedisConnector.Connected;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The link that hears: tells Redis what {@link Subscriptions} wants, and says when it was lost. */
final class Subscriber
    implements LinkOwner<Connected<StatefulRedisPubSubConnection<String, byte[]>>> {
  /** Redis subscribes in microseconds; who owes the answer for so long is not there any more. */
  private static final Duration OVERDUE = Duration.ofSeconds(5);

  private static final long SWEEP_MILLIS = 250;
  private static final Logger log = LoggerFactory.getLogger(Subscriber.class);

  private final Subscriptions subscriptions = new Subscriptions(System::nanoTime);
  private final RedisConnector connector;
  private final LinkKeeper<Connected<StatefulRedisPubSubConnection<String, byte[]>>> links;
  private final Receiver receiver;
  private final Delivery delivery;
  private final ScheduledExecutorService executor;

  private final Gap gap = new Gap();
  private volatile @Nullable Current current;
  private volatile Instant heard = Instant.now();

  Subscriber(
      RedisConnector connector,
      Receiver receiver,
      Delivery delivery,
      ScheduledExecutorService executor) {
    this.connector = connector;
    this.links = new LinkKeeper<>("subscriber's link to Redis", this, executor);
    this.receiver = receiver;
    this.delivery = delivery;
    this.executor = executor;
  }

  CompletionStage<Void> start(Collection<String> channels) {
    executor.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    CompletionStage<Void> subscribed = subscriptions.subscribe(channels);
    return links.start().thenCompose(up -> subscribed);
  }

  CompletionStage<Void> subscribe(Collection<String> channels) {
    CompletionStage<Void> stage = subscriptions.subscribe(channels);
    pump();
    return stage;
  }

  void unsubscribe(Collection<String> channels) {
    complete(subscriptions.unsubscribe(channels));
  }

  /** The link looks alive, but nothing comes through. */
  void relink() {
    silent("nothing comes through");
  }

  private void silent(String why) {
    lost(links.current(), heard, why);
  }

  /** The gap begins here: it may be a while until the old connection is put down. */
  private void lost(
      @Nullable Connected<StatefulRedisPubSubConnection<String, byte[]>> link,
      Instant since,
      String why) {
    if (link != null && link.equals(links.current())) {
      gap.begin(since, why);
      links.lost(link, why);
    }
  }

  @Override
  public CompletionStage<Connected<StatefulRedisPubSubConnection<String, byte[]>>> open() {
    return connector.subscriber();
  }

  @Override
  public CompletionStage<Void> up(Connected<StatefulRedisPubSubConnection<String, byte[]>> link) {
    int number = subscriptions.up();
    link.connection()
        .addListener(
            new RedisPubSubAdapter<>() {
              @Override
              public void message(String channel, byte[] message) {
                heard = Instant.now();
                receiver.received(channel, message);
              }

              @Override
              public void subscribed(String channel, long count) {
                confirmed(number);
              }

              @Override
              public void unsubscribed(String channel, long count) {
                confirmed(number);
              }
            });
    current = new Current(link, number); // now that nobody's replies can be missed
    pump();
    link.onLoss(() -> lost(link, Instant.now(), "the connection was closed"));
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void down(Connected<StatefulRedisPubSubConnection<String, byte[]>> link, String reason) {
    link.connection().closeAsync();
    current = null;
    gap.begin(Instant.now(), reason); // again, should a late answer have ended it
    subscriptions.down();
  }

  private void confirmed(int connection) {
    List<Runnable> done = subscriptions.confirmed(connection);
    if (done != null) {
      answered(done);
    }
  }

  private void answered(List<Runnable> done) {
    heard = Instant.now();
    complete(done);
    pump();
    reportRestored();
  }

  /** Tells Redis what is to be told next, unless its last answer is still due. */
  private void pump() {
    Current now = current;
    Batch batch = now == null ? null : subscriptions.next(now.number);
    if (now == null || batch == null) {
      return;
    }
    RedisPubSubAsyncCommands<String, byte[]> redis = now.link.connection().async();
    String[] names = batch.names();
    CompletionStage<Void> sent =
        batch.isSubscribe() ? redis.subscribe(names) : redis.unsubscribe(names);
    sent.whenComplete(
        (ok, e) -> {
          if (e instanceof RedisCommandExecutionException) {
            refused(now.link, batch, names[0], e);
          }
          // whatever else fails, the link is lost by it, and all is told anew
        });
  }

  private void refused(
      Connected<StatefulRedisPubSubConnection<String, byte[]>> link,
      Batch batch,
      String channel,
      Throwable e) {
    String answer = String.valueOf(e.getMessage());
    if (!answer.startsWith("NOPERM")) {
      lost(link, Instant.now(), "Redis does not subscribe: " + answer);
      return;
    }
    if (batch.names().length == 1) {
      log.warn("Redis refuses channel {}: {}", channel, answer);
    }
    RefusedException why =
        new RefusedException(
            "Redis refuses channel "
                + channel
                + ": "
                + answer
                + ". Allow it to this user (ACL SETUSER … &<pattern>)",
            e);
    answered(subscriptions.refused(batch, why));
  }

  private void reportRestored() {
    Interruption over = subscriptions.isRestored() ? gap.end() : null;
    if (over != null) {
      complete(List.of(() -> delivery.interrupted(over)));
      log.info("Subscribed again to {} channels", subscriptions.size());
    }
  }

  private void sweep() {
    try {
      subscriptions.sweep();
      if (subscriptions.isOverdue(OVERDUE)) {
        silent("Redis has not answered for " + OVERDUE.toSeconds() + " s");
      }
      pump();
    } catch (RuntimeException e) {
      log.error("Could not tell Redis what is no longer wanted", e);
    }
  }

  /** Off the reading thread: what depends on a stage may be anybody's code. */
  private void complete(List<Runnable> done) {
    if (done.isEmpty()) {
      return;
    }
    try {
      executor.execute(() -> done.forEach(Runnable::run));
    } catch (RejectedExecutionException closing) {
      done.forEach(Runnable::run);
    }
  }

  void close() {
    links.close();
    subscriptions.close().forEach(Runnable::run);
  }

  /** The connection in use, and its number in {@link Subscriptions}. */
  private record Current(
      Connected<StatefulRedisPubSubConnection<String, byte[]>> link, int number) {}
}
