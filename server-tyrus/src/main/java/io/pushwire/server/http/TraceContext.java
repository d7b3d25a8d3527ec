package io.pushwire.server.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.pushwire.api.SendOptions;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The trace that a request is part of (W3C Trace Context, https://www.w3.org/TR/trace-context/). It
 * travels with the message as it came; what is not of that form is left behind, as the
 * recommendation wants it.
 */
public final class TraceContext {
  private static final String PARENT = "traceparent";
  private static final String STATE = "tracestate";
  private static final int MAX_STATE = 512;

  /** A later version than 00 may have more to say after a further hyphen; ff is none. */
  private static final Pattern FORM =
      Pattern.compile(
          "(?:00-IDS|(?!00|ff)[0-9a-f]{2}-IDS(?:-[!-~]{1,200})?)"
              .replace("IDS", "(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"));

  private TraceContext() {}

  /**
   * @param headers of a request
   * @return the trace's id, 32 hexadecimal digits
   */
  public static Optional<String> traceId(HttpHeaders headers) {
    return parent(headers).map(parent -> parent.split("-", 3)[1]);
  }

  static void copy(HttpHeaders headers, SendOptions.Builder options) {
    parent(headers)
        .ifPresent(
            parent -> {
              options.header(PARENT, parent);
              String state = String.join(",", headers.getAll(STATE));
              if (!state.isEmpty() && state.length() <= MAX_STATE) {
                options.header(STATE, state);
              }
            });
  }

  private static Optional<String> parent(HttpHeaders headers) {
    return headers.getAll(PARENT).size() == 1
        ? Optional.of(headers.get(PARENT)).filter(text -> FORM.matcher(text).matches())
        : Optional.empty();
  }
}
