package io.pushwire.driver.redisqueue;

import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that were given up: a list for a human to look at, capped at {@value #MOST}. Each entry
 * is a line of JSON that says whose it was, why, and when, and then the bytes as they stood there.
 */
final class DeadLetters {
  static final int MOST = 1000;

  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

  private final Shared shared;

  DeadLetters(Shared shared) {
    this.shared = shared;
  }

  /** Completes when it is written, so that the message may be acknowledged. */
  CompletionStage<Void> put(String list, String reason, byte[] bytes) {
    log.warn("Gave up a message of {}: {}", list, reason);
    byte[] line =
        Keys.utf8(
            "{\"list\":\""
                + escaped(list)
                + "\",\"reason\":\""
                + escaped(reason)
                + "\",\"at\":\""
                + Instant.now()
                + "\"}\n");
    byte[] entry = new byte[line.length + bytes.length];
    System.arraycopy(line, 0, entry, 0, line.length);
    System.arraycopy(bytes, 0, entry, line.length, bytes.length);
    byte[] key = shared.keys().dead;
    return shared
        .link()
        .call(c -> c.rpush(key, entry))
        .thenCompose(
            length -> {
              shared.context().counters().dead();
              return length <= MOST
                  ? java.util.concurrent.CompletableFuture.completedStage("OK")
                  : shared.link().call(c -> c.ltrim(key, -MOST, -1));
            })
        .thenAccept(done -> {});
  }

  private static String escaped(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
