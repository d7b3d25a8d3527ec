package io.pushwire.driver.redisqueue;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.pushwire.api.PushwireException;
import io.pushwire.driver.redis.Deadlines;
import io.pushwire.driver.redis.RedisClients;
import io.pushwire.driver.redis.RedisConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to Redis. When one of its connections is lost, all are made anew; until then every
 * command fails at once.
 */
final class Link implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Link.class);
  private static final long SHORTEST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 1000;

  private final RedisClients clients;
  private final ScheduledExecutorService thread;
  private final Runnable back;
  private final Consumer<byte[]> changed;

  private final Deadlines deadlines = new Deadlines();
  private final AtomicInteger number = new AtomicInteger();
  private volatile @Nullable Connections up;
  // guarded by this
  private boolean rebuilding;
  private boolean closed;
  private long lostAt;

  /**
   * @param clients make the connections; closed with this
   * @param thread runs what follows from a loss
   * @param back is called on it when the link is back, or all keys have gone
   * @param changed is called with a list that was looked at and has changed since
   */
  Link(
      RedisClients clients,
      ScheduledExecutorService thread,
      Runnable back,
      Consumer<byte[]> changed) {
    this.clients = clients;
    this.changed = changed;
    this.thread = thread;
    this.back = back;
  }

  /** Connects for the first time; blocks. */
  void open() {
    thread.scheduleWithFixedDelay(deadlines::check, 100, 100, TimeUnit.MILLISECONDS);
    try {
      use(connect().toCompletableFuture().join());
    } catch (CompletionException e) {
      throw new PushwireException(
          "Redis does not answer as it must: " + cause(e).getMessage(), cause(e));
    }
  }

  boolean isCluster() {
    return clients.isCluster();
  }

  private CompletionStage<Connections> connect() {
    return Connections.open(clients, changed, () -> thread.execute(back));
  }

  /** Takes them into use; the connections of a Cluster come back by themselves. */
  private void use(Connections made) {
    number.incrementAndGet();
    up = made;
    if (!isCluster()) {
      made.onLoss(() -> lost(made));
    }
  }

  @SuppressWarnings("ReferenceEquality") // whether these are the connections in use
  private void lost(Connections made) {
    synchronized (this) {
      if (closed || rebuilding || (up != null && up != made)) {
        return;
      }
      rebuilding = true;
      lostAt = System.nanoTime();
      up = null;
    }
    log.warn("The link to Redis is lost");
    made.close();
    rebuild(0);
  }

  private void rebuild(int attempt) {
    long most = Math.min(LONGEST_PAUSE_MILLIS, SHORTEST_PAUSE_MILLIS << Math.min(attempt, 10));
    long pause = ThreadLocalRandom.current().nextLong(most);
    try {
      thread.schedule(
          () -> connect().whenComplete((made, e) -> rebuilt(made, e, attempt)),
          pause,
          TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.RejectedExecutionException e) {
      log.debug("The driver closed while the link was being rebuilt");
    }
  }

  private void rebuilt(@Nullable Connections made, @Nullable Throwable e, int attempt) {
    if (made == null) {
      log.debug("Redis cannot be reached", e);
      rebuild(attempt + 1);
      return;
    }
    boolean late;
    long away;
    synchronized (this) {
      late = closed;
      rebuilding = false;
      away = System.nanoTime() - lostAt;
    }
    if (late) {
      made.close();
      return;
    }
    log.info("The link to Redis is back, after {} ms", TimeUnit.NANOSECONDS.toMillis(away));
    use(made);
    back.run();
  }

  /** Drops made connections. */
  void relink() {
    Connections now = up;
    if (now != null) {
      lost(now);
    }
  }

  boolean isUp() {
    return up != null;
  }

  /** Runs a command; fails at once while the link is down. */
  <T> CompletionStage<T> call(
      Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
    Connections now = up;
    return now == null ? down() : run(now.commands(), command);
  }

  <T> CompletionStage<T> eval(Script script, byte[][] keys, byte[]... args) {
    Connections now = up;
    return now == null ? down() : eval(now.commands(), script, keys, args);
  }

  /** How many of these lists there are; if {@link #tells} the first change to each is told. */
  CompletionStage<Long> look(byte[][] lists) {
    Connections now = up;
    return now == null ? down() : run(now.looking(), c -> c.exists(lists));
  }

  /** Counts the links; positive if this one tells of changes to what was looked at. */
  int tells() {
    Connections now = up;
    return now != null && now.told() ? number.get() : 0;
  }

  /** The same on the connection that may block; its caller waits no longer than he likes. */
  <T> CompletionStage<T> callBlocking(
      Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
    Connections now = up;
    if (now == null) {
      return down();
    }
    try {
      return now.blocking().give(command);
    } catch (RedisException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  <T> CompletionStage<T> evalBlocking(Script script, byte[][] keys, byte[]... args) {
    Connections now = up;
    return now == null ? down() : eval(now.blocking(), script, keys, args);
  }

  private <T> CompletionStage<T> eval(
      RedisConnection connection, Script script, byte[][] keys, byte[]... args) {
    CompletableFuture<T> known =
        run(connection, c -> c.evalsha(script.sha, script.output, keys, args));
    return known.exceptionallyCompose(
        e ->
            Link.cause(e) instanceof RedisNoScriptException
                ? run(connection, c -> c.eval(script.text, script.output, keys, args))
                : CompletableFuture.failedFuture(e));
  }

  private <T> CompletableFuture<T> run(
      RedisConnection connection,
      Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
    try {
      CompletableFuture<T> answer = connection.give(command).toCompletableFuture();
      deadlines.add(answer);
      return answer;
    } catch (RedisException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Has it fail in the time that Redis has, whether it has been asked by then or not. */
  void limit(CompletableFuture<?> answer) {
    deadlines.add(answer);
  }

  /** A command was not sent. */
  static final class Down extends RedisException {
    private static final long serialVersionUID = 1;

    Down() {
      super("The link to Redis is down");
    }
  }

  private static <T> CompletionStage<T> down() {
    return CompletableFuture.failedFuture(new Down());
  }

  /** What a stage failed with, without what stages wrap around it. */
  static Throwable cause(Throwable e) {
    return e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      up = null;
    }
    clients.close();
  }
}
