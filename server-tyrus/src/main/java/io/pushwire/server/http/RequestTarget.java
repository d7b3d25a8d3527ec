package io.pushwire.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request's path and query, decoded after they were taken apart, so that a user may have a slash
 * in his name.
 *
 * @param path the parts between the slashes
 * @param query the values of each parameter, in order
 */
record RequestTarget(List<String> path, Map<String, List<String>> query) {
  /**
   * @param uri as in the request line
   * @return its parts
   * @throws HttpProblem 400 if it is no path, or its percent-encoding is no UTF-8
   */
  static RequestTarget parse(String uri) {
    if (!uri.startsWith("/")) {
      throw HttpProblem.badRequest("The request target must be a path that begins with /");
    }
    int mark = uri.indexOf('?');
    String path = mark < 0 ? uri : uri.substring(0, mark);
    List<String> segments = new ArrayList<>();
    for (String segment : path.substring(1).split("/", -1)) {
      segments.add(decode(segment, false));
    }
    Map<String, List<String>> query = new LinkedHashMap<>();
    if (mark >= 0) {
      for (String pair : uri.substring(mark + 1).split("&", -1)) {
        if (!pair.isEmpty()) {
          String[] nameAndValue = pair.split("=", 2);
          String value = nameAndValue.length == 1 ? "" : decode(nameAndValue[1], true);
          query.computeIfAbsent(decode(nameAndValue[0], true), n -> new ArrayList<>()).add(value);
        }
      }
    }
    return new RequestTarget(List.copyOf(segments), query);
  }

  /**
   * @param name a parameter
   * @return its values
   */
  List<String> all(String name) {
    return query.getOrDefault(name, List.of());
  }

  /**
   * @param name a parameter that may stand there once
   * @return its value, if it is there
   * @throws HttpProblem 400 if it is there more than once
   */
  Optional<String> one(String name) {
    List<String> values = all(name);
    if (values.size() > 1) {
      throw HttpProblem.badRequest("The parameter '" + name + "' may be given once");
    }
    return values.stream().findFirst();
  }

  private static String decode(String text, boolean plusIsSpace) {
    ByteBuffer bytes = ByteBuffer.allocate(text.length() * 3);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int value = i + 2 < text.length() ? hex(text.charAt(i + 1), text.charAt(i + 2)) : -1;
        if (value < 0) {
          throw HttpProblem.badRequest(
              "In a path or query % is followed by two hexadecimal digits");
        }
        bytes.put((byte) value);
        i += 2;
      } else if (c == '+' && plusIsSpace) {
        bytes.put((byte) ' ');
      } else {
        bytes.put(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw HttpProblem.badRequest("A path or query must be UTF-8, percent-encoded");
    }
  }

  private static int hex(char high, char low) {
    int h = Character.digit(high, 16);
    int l = Character.digit(low, 16);
    return h < 0 || l < 0 || high > 'f' || low > 'f' ? -1 : h << 4 | l;
  }
}
