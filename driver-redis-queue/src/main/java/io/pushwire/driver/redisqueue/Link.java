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
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three connections: one for commands, one that blocks on the node's inbox, and one that is told of
 * changes to the lists it has looked at. When one is lost, all are made anew, and used only once
 * the scripts are loaded: a script that must be sent in full after others were sent by name would
 * overtake them.
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
  private volatile @Nullable Up up;
  private volatile int number;
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

  private record Up(
      RedisConnection commands, RedisConnection blocking, RedisConnection looking, boolean told) {
    List<RedisConnection> all() {
      return List.of(commands, blocking, looking);
    }

    boolean isOpen() {
      return all().stream().allMatch(c -> c.connection().isOpen());
    }

    void close() {
      all().forEach(RedisConnection::close);
    }
  }

  /** Connects for the first time; blocks. */
  void open() {
    thread.scheduleWithFixedDelay(deadlines::check, 100, 100, TimeUnit.MILLISECONDS);
    try {
      up = connect().toCompletableFuture().join();
      number = 1;
    } catch (CompletionException e) {
      throw new PushwireException(
          "Redis does not answer as it must: " + cause(e).getMessage(), cause(e));
    }
  }

  boolean isCluster() {
    return clients.isCluster();
  }

  private CompletionStage<Up> connect() {
    List<CompletionStage<RedisConnection>> all =
        List.of(clients.connect(), clients.connect(), clients.connect());
    return all.get(0)
        .thenCombine(all.get(1), List::of)
        .thenCombine(
            all.get(2),
            (two, looking) ->
                looking
                    .track(changed, () -> thread.execute(back))
                    .thenApply(told -> new Up(two.get(0), two.get(1), looking, told)))
        .thenCompose(up -> up)
        .whenComplete(
            (done, e) -> {
              if (e != null) {
                all.forEach(one -> one.thenAccept(RedisConnection::close));
              }
            })
        .thenCompose(this::prepare);
  }

  private CompletionStage<Up> prepare(Up made) {
    List<CompletableFuture<?>> loaded = new ArrayList<>();
    for (Script script : Script.values()) {
      loaded.add(made.commands().give(c -> c.scriptLoad(script.text)).toCompletableFuture());
    }
    return CompletableFuture.allOf(loaded.toArray(CompletableFuture[]::new))
        .handle(
            (done, e) -> {
              if (e != null) {
                made.close();
                throw new CompletionException(cause(e));
              }
              if (!isCluster()) {
                watch(made);
              }
              return made;
            });
  }

  /** The connections of a Cluster come back by themselves, each when its node does. */
  private void watch(Up made) {
    RedisConnectionStateListener listener =
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            lost(made);
          }
        };
    made.all().forEach(one -> one.connection().addListener(listener));
    if (!made.isOpen()) {
      lost(made);
    }
  }

  @SuppressWarnings("ReferenceEquality") // whether these are the connections in use
  private void lost(Up made) {
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

  private void rebuilt(@Nullable Up made, @Nullable Throwable e, int attempt) {
    if (made == null) {
      log.debug("Redis cannot be reached", e);
      rebuild(attempt + 1);
      return;
    }
    boolean late;
    synchronized (this) {
      late = closed;
      if (!late) {
        up = made;
        number++;
        rebuilding = false;
      }
    }
    if (late) {
      made.close();
      return;
    }
    if (!isCluster() && !made.isOpen()) {
      lost(made);
      return;
    }
    log.info(
        "The link to Redis is back, after {} ms",
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lostAt));
    back.run();
  }

  /** Drops made connections. */
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

  /** How many of these lists there are; if {@link #tells} the first change to each is told. */
  CompletionStage<Long> look(byte[][] lists) {
    Up now = up;
    return now == null ? down() : run(now.looking(), c -> c.exists(lists));
  }

  /** Counts the links; positive if this one tells of changes to what was looked at. */
  int tells() {
    Up now = up;
    return now != null && now.told() ? number : 0;
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
