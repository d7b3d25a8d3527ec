package io.pushwire.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.pushwire.core.Ids;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The header {@code Idempotency-Key}: a name that the caller gives to one attempt and its repeats.
 * It becomes the message's id, so that whichever nodes the attempts go through, a node that gets
 * two delivers one. The caller's API key is part of the id: callers do not meet.
 */
final class IdempotencyKey {
  private static final String NAME = "idempotency-key";
  private static final String SOURCE = "http idempotency-key ";
  private static final Pattern FORM = Pattern.compile("[ -~]{1,255}");

  private IdempotencyKey() {}

  /**
   * @param headers of a request
   * @return the id of its message; empty if there is no key
   * @throws HttpProblem 400 if it is no key
   */
  static Optional<UUID> id(HttpHeaders headers) {
    List<String> keys = headers.getAll(NAME);
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    String key = unquoted(keys.get(0));
    if (keys.size() > 1 || !FORM.matcher(key).matches()) {
      throw HttpProblem.badRequest(
          "Idempotency-Key is given once, with 1 to 255 printable ASCII characters");
    }
    return Optional.of(Ids.derive(SOURCE + credential(headers), key));
  }

  /** The draft of the header has it in quotation marks, most callers have not: it is one key. */
  private static String unquoted(String key) {
    boolean quoted = key.length() > 1 && key.startsWith("\"") && key.endsWith("\"");
    return quoted ? key.substring(1, key.length() - 1) : key;
  }

  private static String credential(HttpHeaders headers) {
    String[] schemeAndKey = headers.get(HttpHeaderNames.AUTHORIZATION, "").strip().split(" +", 2);
    return schemeAndKey[schemeAndKey.length - 1];
  }
}
