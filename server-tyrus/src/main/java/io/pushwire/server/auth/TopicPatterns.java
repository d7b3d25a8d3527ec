package io.pushwire.server.auth;

import java.util.List;

/**
 * Which topics somebody may join: names, in which {@code *} stands for any characters, or none.
 *
 * @param patterns one of them must match
 */
public record TopicPatterns(List<String> patterns) {
  static final TopicPatterns ALL = new TopicPatterns(List.of("*"));

  /**
   * @param topic a topic's name
   * @return whether it may be joined
   */
  public boolean allow(String topic) {
    return patterns.stream().anyMatch(pattern -> matches(pattern, topic));
  }

  /** Goes back to the last star only, so the time is bounded by the product of the lengths. */
  private static boolean matches(String pattern, String topic) {
    int p = 0;
    int star = -1;
    int afterStar = 0; // where in the topic the star's part ends
    for (int t = 0; t < topic.length(); ) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        afterStar = t;
      } else if (p < pattern.length() && pattern.charAt(p) == topic.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++afterStar;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
