package io.pushwire.core;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.Target;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The one reader of {@code to}, as it stands in HTTP bodies, {@code PW1} lines and AMQP headers.
 *
 * @since 0.1
 */
public final class Targets {
  private static final String FORM =
      "'to' is an object with exactly one of user, users, topic, everyone, connection";

  private Targets() {}

  /**
   * Reads one of {@code {"user":"42"}}, {@code {"users":["1","2"]}}, {@code {"topic":"t"}}, {@code
   * {"everyone":true}}, {@code {"connection":"…"}}. Numbers are taken as names.
   *
   * @param json the object's text
   * @return at least one target, each once, in their order
   * @throws IllegalArgumentException if it is anything else; the message says what is expected
   */
  public static List<Target> parse(String json) {
    try (JsonParser in = Json.FACTORY.createParser(ObjectReadContext.empty(), json)) {
      in.nextToken();
      List<Target> targets = read(in);
      if (in.nextToken() != null) {
        throw new IllegalArgumentException(FORM);
      }
      return targets;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("'to' is not valid JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** Reads the object that the parser stands at the beginning of, and stops at its end. */
  static List<Target> read(JsonParser in) {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException(FORM);
    }
    Set<Target> targets = new LinkedHashSet<>();
    int kinds = 0;
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String kind = in.currentName();
      JsonToken value = in.nextToken();
      kinds++;
      switch (kind) {
        case "user" -> targets.add(Target.user(name(in, value, kind)));
        case "users" -> {
          if (value != JsonToken.START_ARRAY) {
            throw new IllegalArgumentException("'users' is an array of user ids");
          }
          for (JsonToken t = in.nextToken(); t != JsonToken.END_ARRAY; t = in.nextToken()) {
            targets.add(Target.user(name(in, t, kind)));
          }
          if (targets.isEmpty()) {
            throw new IllegalArgumentException("'users' names nobody");
          }
        }
        case "topic" -> targets.add(Target.topic(name(in, value, kind)));
        case "everyone" -> {
          if (value != JsonToken.VALUE_TRUE) {
            throw new IllegalArgumentException("'everyone' is true or absent");
          }
          targets.add(Target.everyone());
        }
        case "connection" ->
            targets.add(Target.connection(ConnectionId.parse(name(in, value, kind))));
        default -> throw new IllegalArgumentException(FORM + ", not '" + kind + "'");
      }
    }
    if (kinds != 1) {
      throw new IllegalArgumentException(FORM + "; this one has " + kinds);
    }
    return new ArrayList<>(targets);
  }

  private static String name(JsonParser in, JsonToken value, String kind) {
    if (value != JsonToken.VALUE_STRING && value != JsonToken.VALUE_NUMBER_INT) {
      throw new IllegalArgumentException("A name in '" + kind + "' is a string");
    }
    return in.getString();
  }

  /** Holds the factory that all readers share. */
  static final class Json {
    static final JsonFactory FACTORY =
        JsonFactory.builder()
            .enable(tools.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}
  }
}
