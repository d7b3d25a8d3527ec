package io.pushwire.driver.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection to Redis, or to all nodes of a Cluster. Commands that are given at the same time
 * leave in one write: one for each costs more than the command itself.
 *
 * @since 0.1
 */
public final class RedisConnection {
  private final StatefulConnection<byte[], byte[]> connection;
  private final RedisClusterAsyncCommands<byte[], byte[]> commands;
  private final @Nullable Executor loop;
  private final AtomicBoolean flushDue = new AtomicBoolean();

  /**
   * @param loop reads and writes the connection; null: each command is written by itself, as on a
   *     Cluster, where a command may be sent again to another node
   */
  RedisConnection(
      StatefulConnection<byte[], byte[]> connection,
      RedisClusterAsyncCommands<byte[], byte[]> commands,
      @Nullable Executor loop) {
    this.connection = connection;
    this.commands = commands;
    this.loop = loop;
    connection.setAutoFlushCommands(loop == null);
  }

  /**
   * Gives a command. Any thread; commands of one thread are sent in their order.
   *
   * @param command calls one method of the commands
   * @param <T> what Redis answers
   * @return the answer
   */
  public <T> RedisFuture<T> give(
      Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
    RedisFuture<T> answer = command.apply(commands);
    Executor io = loop;
    if (io != null && flushDue.compareAndSet(false, true)) {
      io.execute(this::flush);
    }
    return answer;
  }

  private void flush() {
    flushDue.set(false);
    connection.flushCommands();
  }

  /**
   * Asks Redis to tell of changes to all keys that this connection reads from now on, each once
   * ({@code CLIENT TRACKING}).
   *
   * @param changed is called with the key, on the thread that reads the connection
   * @param all is called when all keys have gone
   * @return whether Redis does that: not on a Cluster, not before version 6, not if an access rule
   *     forbids it
   */
  public CompletionStage<Boolean> track(Consumer<byte[]> changed, Runnable all) {
    if (!(connection instanceof StatefulRedisConnection<byte[], byte[]> single)) {
      return CompletableFuture.completedStage(false);
    }
    single.addListener(
        message -> {
          if (message.getType().equals("invalidate")) {
            if (message.getContent().get(1) instanceof List<?> keys) {
              keys.forEach(key -> changed.accept(bytes((ByteBuffer) key)));
            } else {
              all.run();
            }
          }
        });
    return give(c -> c.clientTracking(TrackingArgs.Builder.enabled()))
        .handle((done, e) -> e == null);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  /**
   * @return for listeners
   */
  public StatefulConnection<byte[], byte[]> connection() {
    return connection;
  }

  /** Closes it; what is under way fails. Returns at once. */
  public void close() {
    if (connection.isOpen()) {
      connection.closeAsync();
    }
  }
}
