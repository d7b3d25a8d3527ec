package io.pushwire.driver.redispubsub;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import io.pushwire.driver.redispubsub.RedisConnector.Connected;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Redis that is made anew whenever it is lost, after a random pause of at most 50
 * ms, doubled with each failure up to half a second: with longer ones a node would now and then
 * miss the first second after Redis is back.
 *
 * @param <C> the kind of connection
 */
final class Link<C extends StatefulRedisConnection<String, byte[]>> {
  private static final Logger log = LoggerFactory.getLogger(Link.class);
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 500;

  private final String name;
  private final Supplier<CompletionStage<Connected<C>>> connect;
  private final User<C> user;
  private final ScheduledExecutorService executor;
  private final Object order = new Object(); // of the calls to the user
  private volatile @Nullable C connection;

  // guarded by this
  private boolean closed;
  private long lostAt;
  private int attempts;

  Link(
      String name,
      Supplier<CompletionStage<Connected<C>>> connect,
      User<C> user,
      ScheduledExecutorService executor) {
    this.name = name;
    this.connect = connect;
    this.user = user;
    this.executor = executor;
  }

  /** Connects for the first time; a failure is the caller's. */
  CompletionStage<Void> start() {
    return connect.get().thenAccept(this::connected);
  }

  @Nullable C connection() {
    return connection;
  }

  private void connected(Connected<C> made) {
    C fresh = made.connection();
    long away;
    int tried;
    synchronized (this) {
      if (closed) {
        fresh.closeAsync();
        return;
      }
      away = System.nanoTime() - lostAt;
      tried = attempts;
      attempts = 0;
      connection = fresh;
    }
    fresh.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
            lost(fresh, "the connection was closed");
          }
        });
    if (tried > 0) {
      log.info("The {} is back after {} ms", name, Duration.ofNanos(away).toMillis());
    }
    synchronized (order) {
      if (connection == fresh) {
        user.up(fresh, made.kind());
      }
    }
    if (!fresh.isOpen()) {
      lost(fresh, "the connection was closed");
    }
  }

  /** Gives up the connection and makes another one; nothing if it is not the one in use. */
  void lost(@Nullable C gone, String reason) {
    synchronized (this) {
      if (closed || gone == null || connection != gone) {
        return;
      }
      connection = null;
      lostAt = System.nanoTime();
    }
    log.warn("The {} is lost: {}", name, reason);
    gone.closeAsync();
    synchronized (order) {
      user.down(reason);
    }
    connectLater();
  }

  private void connectLater() {
    long cap;
    synchronized (this) {
      if (closed) {
        return;
      }
      cap = Math.min(FIRST_PAUSE_MILLIS << Math.min(attempts, 10), LONGEST_PAUSE_MILLIS);
      attempts++;
    }
    try {
      long pause = ThreadLocalRandom.current().nextLong(cap) + 1;
      executor.schedule(this::connectAgain, pause, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("The {} was closed meanwhile", name);
    }
  }

  private void connectAgain() {
    CompletionStage<Connected<C>> attempt;
    try {
      attempt = connect.get();
    } catch (RuntimeException e) {
      attempt = CompletableFuture.failedStage(e);
    }
    attempt.whenComplete(
        (made, e) -> {
          if (made != null) {
            connected(made);
          } else {
            log.debug("The {} is still lost", name, e);
            connectLater();
          }
        });
  }

  /** Makes no more connections; the connector closes the last one. */
  synchronized void close() {
    closed = true;
    connection = null;
  }

  /** Whom the connection is for. Calls come from several threads, one after the other. */
  interface User<C> {
    void up(C connection, ServerKind kind);

    void down(String reason);
  }
}
