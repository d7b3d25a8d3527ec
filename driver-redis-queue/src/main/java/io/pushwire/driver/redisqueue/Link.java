package io.pushwire.driver.redisqueue;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.pushwire.api.PushwireException;
import io.pushwire.core.LinkKeeper;
import io.pushwire.core.LinkOwner;
import io.pushwire.core.LinkPublisher;
import io.pushwire.driver.redis.Deadlines;
import io.pushwire.driver.redis.RedisClients;
import io.pushwire.driver.redis.RedisConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The way to Redis. When one of its connections is lost, all are made anew; until then every
 * command fails at once.
 */
final class Link implements LinkOwner<Connections>, AutoCloseable {

  private final RedisClients clients;
  private final ScheduledExecutorService thread;
  private final Runnable back;
  private final Consumer<byte[]> changed;

  private final Deadlines deadlines = new Deadlines();
  private final AtomicInteger number = new AtomicInteger();
  private final LinkKeeper<Connections> links;

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
    this.links = new LinkKeeper<>("link to Redis", this, thread);
  }

  /** Connects for the first time; blocks. */
  void start() {
    thread.scheduleWithFixedDelay(deadlines::check, 100, 100, TimeUnit.MILLISECONDS);
    try {
      links.start().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new PushwireException(
          "Redis does not answer as it must: " + cause(e).getMessage(), cause(e));
    }
  }

  boolean isCluster() {
    return clients.isCluster();
  }

  @Override
  public CompletionStage<Connections> open() {
    return Connections.open(clients, changed, () -> thread.execute(back));
  }

  /** The connections of a Cluster come back by themselves. */
  @Override
  public CompletionStage<Void> up(Connections made) {
    boolean again = number.incrementAndGet() > 1;
    if (!isCluster()) {
      made.onLoss(() -> links.lost(made, "a connection was closed"));
    }
    if (again) {
      back.run();
    }
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void down(Connections gone, String why) {
    gone.close();
  }

  /** Drops made connections. */
  void relink() {
    links.lost(links.current(), "nothing comes through");
  }

  /** Publishes on this link. */
  LinkPublisher<Connections> publisher(long mostBytes) {
    return new LinkPublisher<>(links, mostBytes, "send more slowly");
  }

  boolean isUp() {
    return links.current() != null;
  }

  /** Runs a command; fails at once while the link is down. */
  <T> CompletionStage<T> call(
      Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
    Connections now = links.current();
    return now == null ? down() : run(now.commands(), command);
  }

  <T> CompletionStage<T> eval(Script script, byte[][] keys, byte[]... args) {
    Connections now = links.current();
    return now == null ? down() : eval(now.commands(), script, keys, args);
  }

  /** How many of these lists there are; if {@link #tells} the first change to each is told. */
  CompletionStage<Long> look(byte[][] lists) {
    Connections now = links.current();
    return now == null ? down() : run(now.looking(), c -> c.exists(lists));
  }

  /** Counts the links; positive if this one tells of changes to what was looked at. */
  int tells() {
    Connections now = links.current();
    return now != null && now.told() ? number.get() : 0;
  }

  /** The same on the connection that may block; its caller waits no longer than he likes. */
  <T> CompletionStage<T> callBlocking(
      Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
    Connections now = links.current();
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
    Connections now = links.current();
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
    links.close();
    clients.close();
  }
}
