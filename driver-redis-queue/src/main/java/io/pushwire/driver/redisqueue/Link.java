package io.pushwire.driver.redisqueue;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.pushwire.api.PushwireException;
import io.pushwire.driver.redis.Deadlines;
import io.pushwire.driver.redis.RedisClients;
import io.pushwire.driver.redis.RedisConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two connections: one for commands, and one that blocks on the node's inbox. When either is lost,
 * both are made anew, and used only once the scripts are loaded: a script that must be sent in full
 * after others were sent by name would overtake them.
 */
final class Link implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Link.class);
  private static final long SHORTEST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 1000;

  private final RedisClients clients;
  private final ScheduledExecutorService thread;
  private final Runnable back;

  private final Deadlines deadlines = new Deadlines();
  private volatile @Nullable Up up;
  // guarded by this
  private boolean rebuilding;
  private boolean closed;
  private long lostAt;

  /**
   * @param clients make the connections; closed with this
   * @param thread runs what follows from a loss
   * @param back is called on it when the link is back
   */
  Link(RedisClients clients, ScheduledExecutorService thread, Runnable back) {
    this.clients = clients;
    this.thread = thread;
    this.back = back;
  }

  private record Up(RedisConnection commands, RedisConnection blocking) {
    void close() {
      commands.close();
      blocking.close();
    }
  }

  /** Connects for the first time; blocks. */
  void open() {
    thread.scheduleWithFixedDelay(deadlines::check, 100, 100, TimeUnit.MILLISECONDS);
    try {
      up = connect().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new PushwireException(
          "Redis does not answer as it must: " + cause(e).getMessage(), cause(e));
    }
  }

  boolean isCluster() {
    return clients.isCluster();
  }

  private CompletionStage<Up> connect() {
    CompletionStage<RedisConnection> first = clients.connect();
    CompletionStage<RedisConnection> second = clients.connect();
    return first
        .thenCombine(second, Up::new)
        .whenComplete(
            (both, e) -> {
              if (e != null) {
                first.thenAccept(RedisConnection::close);
                second.thenAccept(RedisConnection::close);
              }
            })
        .thenCompose(this::prepare);
  }

  private CompletionStage<Up> prepare(Up both) {
    List<CompletableFuture<?>> loaded = new ArrayList<>();
    for (Script script : Script.values()) {
      loaded.add(both.commands().give(c -> c.scriptLoad(script.text)).toCompletableFuture());
    }
    return CompletableFuture.allOf(loaded.toArray(CompletableFuture[]::new))
        .handle(
            (done, e) -> {
              if (e != null) {
                both.close();
                throw new CompletionException(cause(e));
              }
              if (!isCluster()) {
                watch(both);
              }
              return both;
            });
  }

  /** The connections of a Cluster come back by themselves, each when its node does. */
  private void watch(Up both) {
    RedisConnectionStateListener listener =
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            lost(both);
          }
        };
    both.commands().connection().addListener(listener);
    both.blocking().connection().addListener(listener);
    if (!both.commands().connection().isOpen() || !both.blocking().connection().isOpen()) {
      lost(both);
    }
  }

  @SuppressWarnings("ReferenceEquality") // whether these are the connections in use
  private void lost(Up both) {
    synchronized (this) {
      if (closed || rebuilding || (up != null && up != both)) {
        return;
      }
      rebuilding = true;
      lostAt = System.nanoTime();
      up = null;
    }
    log.warn("The link to Redis is lost");
    both.close();
    rebuild(0);
  }

  private void rebuild(int attempt) {
    long most = Math.min(LONGEST_PAUSE_MILLIS, SHORTEST_PAUSE_MILLIS << Math.min(attempt, 10));
    long pause = ThreadLocalRandom.current().nextLong(most);
    try {
      thread.schedule(
          () -> connect().whenComplete((both, e) -> rebuilt(both, e, attempt)),
          pause,
          TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.RejectedExecutionException e) {
      log.debug("The driver closed while the link was being rebuilt");
    }
  }

  private void rebuilt(@Nullable Up both, @Nullable Throwable e, int attempt) {
    if (both == null) {
      log.debug("Redis cannot be reached", e);
      rebuild(attempt + 1);
      return;
    }
    boolean late;
    synchronized (this) {
      late = closed;
      if (!late) {
        up = both;
        rebuilding = false;
      }
    }
    if (late) {
      both.close();
      return;
    }
    if (!isCluster()
        && !(both.commands().connection().isOpen() && both.blocking().connection().isOpen())) {
      lost(both);
      return;
    }
    log.info(
        "The link to Redis is back, after {} ms",
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lostAt));
    back.run();
  }

  /** Drops both connections. */
  void relink() {
    Up now = up;
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
    Up now = up;
    return now == null ? down() : run(now.commands(), command);
  }

  <T> CompletionStage<T> eval(Script script, byte[][] keys, byte[]... args) {
    Up now = up;
    return now == null ? down() : eval(now.commands(), script, keys, args);
  }

  /** The same on the connection that may block; its caller waits no longer than he likes. */
  <T> CompletionStage<T> callBlocking(
      Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
    Up now = up;
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
    Up now = up;
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

  private static <T> CompletionStage<T> down() {
    return CompletableFuture.failedFuture(new RedisException("The link to Redis is down"));
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
