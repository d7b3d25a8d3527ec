package io.pushwire.driver.redisqueue;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Puts entries into users' lists, in the order in which they are given. What is given while some
 * calls are under way goes together in the next one: a call for each costs Redis, and this node,
 * more than the push itself. Any thread.
 */
final class Pushes {
  private static final int MOST_CALLS = 8;
  private static final int MOST_CALLS_OF_ONE = 1000;
  private static final int MOST_ENTRIES = 100;
  private static final int MOST_BYTES = 256 * 1024;

  private record Push(List<byte[]> keys, List<byte[]> args, CompletableFuture<List<?>> reply) {
    int bytes() {
      return args.get(0).length;
    }
  }

  private final Shared shared;
  private final Queue<Push> waiting = new ConcurrentLinkedQueue<>();
  private final int most;
  private final Pacer pacer;
  private final List<byte[]> common;

  Pushes(Shared shared) {
    this.shared = shared;
    // on a Cluster different lists have different places
    boolean cluster = shared.link().isCluster();
    most = cluster ? 1 : MOST_ENTRIES;
    pacer = new Pacer(cluster ? MOST_CALLS_OF_ONE : MOST_CALLS);
    RedisQueueConfig config = shared.config();
    common =
        List.of(
            config.consume().push(),
            Keys.number(config.maxLength()),
            Keys.number(config.ttl().toMillis()));
  }

  /**
   * @param onlyIfHeld whether it is dropped if no node holds the user
   * @return what {@code push.lua} returns for it
   */
  CompletionStage<List<?>> push(String user, byte[] entry, boolean onlyIfHeld) {
    List<byte[]> args = List.of(entry, Keys.flag(onlyIfHeld));
    Push push = new Push(List.of(shared.keys().user(user)), args, new CompletableFuture<>());
    shared.link().limit(push.reply);
    waiting.add(push);
    pacer.start(this::send);
    return push.reply;
  }

  private CompletionStage<?> send() {
    List<Push> pushes = new ArrayList<>();
    int bytes = 0;
    while (pushes.size() < most && bytes < MOST_BYTES) {
      Push next = waiting.poll();
      if (next == null) {
        break;
      }
      if (!next.reply.isDone()) {
        pushes.add(next);
        bytes += next.bytes();
      }
    }
    return pushes.isEmpty() ? CompletableFuture.completedStage(null) : send(pushes);
  }

  private CompletionStage<?> send(List<Push> pushes) {
    List<byte[]> keys = new ArrayList<>(3 * pushes.size());
    List<byte[]> args = new ArrayList<>(common.size() + 2 * pushes.size());
    args.addAll(common);
    for (Push push : pushes) {
      keys.addAll(push.keys);
      args.addAll(push.args);
    }
    return shared
        .link()
        .<List<Object>>eval(Script.PUSH, keys.toArray(byte[][]::new), args.toArray(byte[][]::new))
        .whenComplete((replies, e) -> ended(pushes, replies, e));
  }

  private static void ended(
      List<Push> pushes, @Nullable List<Object> replies, @Nullable Throwable e) {
    for (int i = 0; i < pushes.size(); i++) {
      CompletableFuture<List<?>> reply = pushes.get(i).reply;
      if (replies == null) {
        reply.completeExceptionally(e == null ? new IllegalStateException("No reply") : e);
      } else if (replies.get(i) instanceof List<?> one && one.get(0) instanceof byte[] refused) {
        reply.completeExceptionally(new RedisCommandExecutionException(Keys.text(refused)));
      } else {
        reply.complete((List<?>) replies.get(i));
      }
    }
  }
}
