package io.pushwire.driver.redispubsub;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import io.pushwire.api.RefusedException;
import io.pushwire.core.Delivery;
import io.pushwire.core.Interruption;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The link that hears: tells Redis what {@link Subscriptions} wants, and says when it was lost. */
final class Subscriber implements Link.User<StatefulRedisPubSubConnection<String, byte[]>> {
  /** Redis subscribes in microseconds; who owes the answer for so long is not there any more. */
  private static final Duration OVERDUE = Duration.ofSeconds(5);

  private static final long SWEEP_MILLIS = 250;
  private static final Logger log = LoggerFactory.getLogger(Subscriber.class);

  private final Subscriptions subscriptions = new Subscriptions(System::nanoTime);
  private final Link<StatefulRedisPubSubConnection<String, byte[]>> link;
  private final Receiver receiver;
  private final Delivery delivery;
  private final ScheduledExecutorService executor;

  // guarded by this
  private @Nullable Instant lostSince;
  private String lostBy = "";

  private volatile Instant heard = Instant.now();

  Subscriber(
      RedisConnector connector,
      Receiver receiver,
      Delivery delivery,
      ScheduledExecutorService executor) {
    this.link = new Link<>("subscriber's link to Redis", connector::subscriber, this, executor);
    this.receiver = receiver;
    this.delivery = delivery;
    this.executor = executor;
  }

  CompletionStage<Void> start(Collection<String> channels) {
    executor.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    CompletionStage<Void> subscribed = subscriptions.subscribe(channels);
    return link.start().thenCompose(up -> subscribed);
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
    StatefulRedisPubSubConnection<String, byte[]> connection = link.connection();
    if (connection != null) {
      lost(heard, "nothing came through");
      link.lost(connection, "nothing comes through");
    }
  }

  @Override
  public void up(StatefulRedisPubSubConnection<String, byte[]> connection, ServerKind kind) {
    int number = subscriptions.up();
    connection.addListener(
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
    pump();
  }

  @Override
  public void down(String reason) {
    lost(Instant.now(), reason);
    subscriptions.down();
  }

  private synchronized void lost(Instant since, String reason) {
    if (lostSince == null) {
      lostSince = since;
      lostBy = reason;
    }
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
    StatefulRedisPubSubConnection<String, byte[]> connection = link.connection();
    Batch batch = connection == null ? null : subscriptions.next();
    if (connection == null || batch == null) {
      return;
    }
    RedisPubSubAsyncCommands<String, byte[]> redis = connection.async();
    String[] names = batch.names();
    CompletionStage<Void> sent =
        batch.isSubscribe() ? redis.subscribe(names) : redis.unsubscribe(names);
    sent.whenComplete(
        (ok, e) -> {
          if (e instanceof RedisCommandExecutionException) {
            refused(connection, batch, names[0], e);
          }
          // whatever else fails, the link is lost by it, and all is told anew
        });
  }

  private void refused(
      StatefulRedisPubSubConnection<String, byte[]> connection,
      Batch batch,
      String channel,
      Throwable e) {
    String answer = String.valueOf(e.getMessage());
    if (!answer.startsWith("NOPERM")) {
      link.lost(connection, "Redis does not subscribe: " + answer);
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
    Instant since;
    String reason;
    synchronized (this) {
      if (lostSince == null || !subscriptions.isRestored()) {
        return;
      }
      since = lostSince;
      reason = lostBy;
      lostSince = null;
    }
    Interruption gap = Interruption.of(since, Instant.now(), "Redis was away: " + reason);
    complete(List.of(() -> delivery.interrupted(gap)));
    log.info("Subscribed again to {} channels", subscriptions.size());
  }

  private void sweep() {
    try {
      subscriptions.sweep();
      if (subscriptions.isOverdue(OVERDUE)) {
        lost(heard, "Redis did not answer");
        link.lost(link.connection(), "Redis has not answered for " + OVERDUE.toSeconds() + " s");
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
    link.close();
    subscriptions.close().forEach(Runnable::run);
  }
}
