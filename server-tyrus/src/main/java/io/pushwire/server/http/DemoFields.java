package io.pushwire.server.http;

import io.pushwire.api.Target;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The small bodies of the demo: all fields are texts, and all must be there. */
final class DemoFields {
  private DemoFields() {}

  static Map<String, String> read(byte[] body, Set<String> names) {
    Map<String, String> fields = new LinkedHashMap<>();
    Json.read(
        body,
        (name, value, in) -> {
          if (!names.contains(name)) {
            throw new IllegalArgumentException("Unknown field; known here are " + names);
          }
          fields.put(name, Json.name(name, value, in));
        });
    for (String name : names) {
      if (!fields.containsKey(name)) {
        throw HttpProblem.badRequest("'" + name + "' is missing");
      }
    }
    return fields;
  }

  static Target.User user(Map<String, String> fields) {
    try {
      return new Target.User(fields.getOrDefault("user", ""));
    } catch (IllegalArgumentException e) {
      throw HttpProblem.badRequest(String.valueOf(e.getMessage()));
    }
  }
}
