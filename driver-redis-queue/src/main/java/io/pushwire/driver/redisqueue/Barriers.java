package io.pushwire.driver.redisqueue;

import io.lettuce.core.RedisException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Finds out when all that stands in this node's inbox has been given to the workers: it posts a
 * mark to itself. Any thread.
 */
final class Barriers {
  private static final String MARK = "B\n";

  private final Shared shared;
  private final Posts posts;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, CompletableFuture<Long>> open = new ConcurrentHashMap<>();

  Barriers(Shared shared, Posts posts) {
    this.shared = shared;
    this.posts = posts;
  }

  /** Completes on the inbox' thread; fails if that takes longer than Redis may. */
  CompletionStage<Long> pass() {
    long number = numbers.incrementAndGet();
    CompletableFuture<Long> passed = new CompletableFuture<>();
    open.put(number, passed);
    passed.whenComplete((done, e) -> open.remove(number));
    shared.link().limit(passed);
    posts
        .post(shared.me().name(), List.of(Keys.utf8(MARK + number)))
        .whenComplete(
            (alive, e) -> {
              if (e != null) {
                passed.completeExceptionally(e);
              } else if (!alive) {
                passed.completeExceptionally(new RedisException("This node's lease is gone"));
              }
            });
    return passed;
  }

  /** Whether an inbox entry is a mark. */
  boolean passed(byte[] entry) {
    if (entry.length < 3 || entry[0] != 'B' || entry[1] != '\n') {
      return false;
    }
    long number = Long.parseLong(Keys.text(entry).substring(MARK.length()));
    CompletableFuture<Long> passed = open.get(number);
    if (passed != null) {
      passed.complete(number);
    }
    return true;
  }
}
