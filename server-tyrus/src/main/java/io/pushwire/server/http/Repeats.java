package io.pushwire.server.http;

import static io.netty.handler.codec.http.HttpResponseStatus.CONFLICT;
import static io.netty.handler.codec.http.HttpResponseStatus.UNPROCESSABLE_ENTITY;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.pushwire.core.Ids;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was sent with an Idempotency-Key through this node, for a minute: a repeat gets the same
 * answer and is not sent. Only a courtesy: what is not remembered here, or came through another
 * node, is sent again with the same id, and the receivers drop it.
 */
final class Repeats {
  /** As long as receivers remember ids. */
  static final Duration MEMORY = Duration.ofSeconds(60);

  /** The most that is remembered. */
  static final int MAX_ENTRIES = 50_000;

  private final Map<UUID, Attempt> attempts;

  /**
   * @param request its fingerprint
   * @param receipt the answer; null while it is under way
   */
  private record Attempt(String request, @Nullable ObjectNode receipt) {}

  Repeats(Ticker ticker) {
    Cache<UUID, Attempt> cache =
        Caffeine.newBuilder()
            .ticker(ticker)
            .expireAfterWrite(MEMORY)
            .maximumSize(MAX_ENTRIES)
            .executor(Runnable::run)
            .build();
    attempts = cache.asMap();
  }

  /**
   * Sends, unless that has been done already. What failed, be it for one target of several, is not
   * remembered: the caller may repeat it, and who has it already drops it.
   *
   * @param id of the message
   * @param request tells two requests apart
   * @param send sends, and answers with the receipt
   * @return the receipt, be it of an earlier attempt
   * @throws HttpProblem 409 while an earlier attempt is under way, 422 if that was another request
   */
  CompletionStage<ObjectNode> once(
      UUID id, byte[] request, Supplier<CompletionStage<ObjectNode>> send) {
    Attempt mine = new Attempt(fingerprint(request), null);
    Attempt earlier = attempts.putIfAbsent(id, mine);
    if (earlier != null) {
      return CompletableFuture.completedStage(receipt(earlier, mine.request));
    }
    try {
      return send.get().whenComplete((receipt, failure) -> ended(id, mine, receipt));
    } catch (RuntimeException e) {
      attempts.remove(id, mine);
      throw e;
    }
  }

  int size() {
    return attempts.size();
  }

  private void ended(UUID id, Attempt mine, @Nullable ObjectNode receipt) {
    if (receipt == null || receipt.path("failed").asInt(0) > 0) {
      attempts.remove(id, mine);
    } else {
      attempts.replace(id, mine, new Attempt(mine.request, receipt));
    }
  }

  private static String fingerprint(byte[] request) {
    return Ids.derive("", new String(request, StandardCharsets.ISO_8859_1)).toString();
  }

  private static ObjectNode receipt(Attempt earlier, String request) {
    if (!earlier.request.equals(request)) {
      throw new HttpProblem(
          UNPROCESSABLE_ENTITY,
          "This Idempotency-Key was used within a minute for another request. Take a new one");
    }
    if (earlier.receipt == null) {
      throw new HttpProblem(
          CONFLICT,
          "A request with this Idempotency-Key is under way. Wait for its answer",
          Map.of("Retry-After", "1"));
    }
    return earlier.receipt;
  }
}
