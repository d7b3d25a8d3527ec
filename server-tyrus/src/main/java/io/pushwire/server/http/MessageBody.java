package io.pushwire.server.http;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.Payload;
import io.pushwire.api.SendOptions;
import io.pushwire.api.Target;
import io.pushwire.api.WhenOffline;
import io.pushwire.core.ForeignParser;
import io.pushwire.core.Ids;
import io.pushwire.core.Targets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** What is posted to {@code /v1/messages}. */
final class MessageBody {
  private static final String ONE_PAYLOAD =
      "The payload is exactly one of 'text', 'json' and 'base64'";
  private static final int MAX_ID = 255;

  private @Nullable String to;
  private @Nullable Payload payload;
  private final SendOptions.Builder options = SendOptions.builder();
  private boolean hasId;

  private MessageBody() {}

  /**
   * @param bytes the body
   * @return what it says
   * @throws HttpProblem 400 if it says anything else than a message
   */
  static MessageBody parse(byte[] bytes) {
    MessageBody body = new MessageBody();
    Json.read(bytes, body::field);
    if (body.to == null) {
      throw HttpProblem.badRequest("'to' is missing: say whom the message is for");
    }
    if (body.payload == null) {
      throw HttpProblem.badRequest(ONE_PAYLOAD + "; this body has none");
    }
    return body;
  }

  /**
   * @return whom it is for, each once
   */
  List<Target> targets() {
    try {
      return Targets.parse(Objects.requireNonNull(to));
    } catch (IllegalArgumentException e) {
      throw HttpProblem.badRequest(String.valueOf(e.getMessage()));
    }
  }

  /**
   * @return whether it names a list of targets, be it of one
   */
  boolean isForSeveral() {
    return to != null && to.startsWith("{\"users\":");
  }

  Payload payload() {
    return Objects.requireNonNull(payload);
  }

  SendOptions.Builder options() {
    return options;
  }

  boolean hasId() {
    return hasId;
  }

  private void field(String name, JsonToken value, JsonParser in) {
    switch (name) {
      case "to" -> to = Json.compact(in);
      case "text" -> payload(Payload.text(Json.string(name, value, in)));
      case "json" -> payload(Payload.text(Json.compact(in)));
      case "base64" -> payload(base64(Json.string(name, value, in)));
      case "ttl" -> {
        if (!value.isNumeric()) {
          throw new IllegalArgumentException("'ttl' must be a number of seconds");
        }
        options.ttl(ForeignParser.ttl(in.getDecimalValue()));
      }
      case "whenOffline" ->
          options.whenOffline(
              switch (Json.string(name, value, in)) {
                case "queue" -> WhenOffline.QUEUE;
                case "drop" -> WhenOffline.DROP;
                default -> throw new IllegalArgumentException("'whenOffline' is queue or drop");
              });
      case "except" -> options.except(connections(value, in));
      case "id" -> {
        options.id(Ids.derive("http", id(Json.name(name, value, in))));
        hasId = true;
      }
      default ->
          throw new IllegalArgumentException(
              "Unknown field; a message has to, text, json or base64, ttl, whenOffline, except, id");
    }
  }

  private void payload(Payload given) {
    if (payload != null) {
      throw new IllegalArgumentException(ONE_PAYLOAD + "; this body has more");
    }
    payload = given;
  }

  private static Payload base64(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      return Payload.wrap(Payload.Type.BINARY, bytes, 0, bytes.length);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'base64' must be base64 (RFC 4648, section 4)", e);
    }
  }

  private static Set<ConnectionId> connections(JsonToken value, JsonParser in) {
    if (value != JsonToken.START_ARRAY) {
      throw new IllegalArgumentException("'except' must be an array of connection ids");
    }
    Set<ConnectionId> ids = new LinkedHashSet<>();
    for (JsonToken t = in.nextToken(); t != JsonToken.END_ARRAY; t = in.nextToken()) {
      ids.add(ConnectionId.parse(Json.string("except", t, in)));
    }
    return ids;
  }

  private static String id(String given) {
    if (given.isEmpty() || given.length() > MAX_ID) {
      throw new IllegalArgumentException("'id' must have 1 to " + MAX_ID + " characters");
    }
    return given;
  }
}
