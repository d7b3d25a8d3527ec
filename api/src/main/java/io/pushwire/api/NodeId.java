package io.pushwire.api;

import java.util.regex.Pattern;

/**
 * The name of a node, unique among the nodes on one broker.
 *
 * @param value 1 to 64 of {@code A-Z a-z 0-9 _ -}
 * @since 0.1
 */
public record NodeId(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /**
   * Checks the form.
   *
   * @param value the name
   */
  public NodeId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "A node id is 1 to 64 of A-Z, a-z, 0-9, _ and -, but this is '" + value + "'");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
