package io.pushwire.driver.redisqueue;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.pushwire.api.PushwireException;
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
      loaded.add(both.commands().commands().scriptLoad(script.text).toCompletableFuture());
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

  /** Runs a command on the one connection or the other; fails at once while the link is down. */
  <T> CompletionStage<T> call(
      Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
    Up now = up;
    return now == null ? down() : run(now.commands(), command);
  }

  <T> CompletionStage<T> callBlocking(
      Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
    Up now = up;
    return now == null ? down() : run(now.blocking(), command);
  }

  <T> CompletionStage<T> eval(Script script, byte[][] keys, byte[]... args) {
    Up now = up;
    return eval(now == null ? null : now.commands(), script, keys, args);
  }

  <T> CompletionStage<T> evalBlocking(Script script, byte[][] keys, byte[]... args) {
    Up now = up;
    return eval(now == null ? null : now.blocking(), script, keys, args);
  }

  private static <T> CompletionStage<T> eval(
      @Nullable RedisConnection connection, Script script, byte[][] keys, byte[]... args) {
    if (connection == null) {
      return down();
    }
    CompletableFuture<T> reply = new CompletableFuture<>();
    Link.<T>run(connection, c -> c.evalsha(script.sha, script.output, keys, args))
        .whenComplete(
            (value, e) -> {
              if (e instanceof RedisNoScriptException) {
                Link.<T>run(connection, c -> c.eval(script.text, script.output, keys, args))
                    .whenComplete((v, failure) -> complete(reply, v, failure));
              } else {
                complete(reply, value, e);
              }
            });
    return reply;
  }

  private static <T> void complete(
      CompletableFuture<T> reply, @Nullable T value, @Nullable Throwable e) {
    if (e != null) {
      reply.completeExceptionally(e);
    } else {
      completeWith(reply, value);
    }
  }

  @SuppressWarnings("NullAway") // some replies are null, and their callers know
  private static <T> void completeWith(CompletableFuture<T> reply, @Nullable T value) {
    reply.complete(value);
  }

  private static <T> CompletionStage<T> run(
      RedisConnection connection,
      Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
    try {
      return command.apply(connection.commands());
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
    Up now;
    synchronized (this) {
      closed = true;
      now = up;
      up = null;
    }
    if (now != null) {
      now.close();
    }
    clients.close();
  }
}
