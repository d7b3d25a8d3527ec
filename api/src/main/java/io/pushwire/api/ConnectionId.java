package io.pushwire.api;

/**
 * Names one open WebSocket in the whole cluster. It says which node holds it and since which of the
 * node's starts, so that a send to it needs no look-up.
 *
 * @param node the node that holds the connection
 * @param incarnation the start of the node that accepted it; a later start has a greater number
 * @param number counts the connections of that start
 * @since 0.1
 */
public record ConnectionId(NodeId node, long incarnation, long number) {
  private static final int RADIX = 36;

  /**
   * Checks the numbers.
   *
   * @param node the node
   * @param incarnation its start; not negative
   * @param number of the connection; not negative
   */
  public ConnectionId {
    if (incarnation < 0 || number < 0) {
      throw new IllegalArgumentException("Incarnation and number are not negative");
    }
  }

  /**
   * Reads the text form.
   *
   * @param text {@code <node>.<incarnation>.<number>}, the numbers in base 36
   * @return the id
   * @throws IllegalArgumentException if it has another form
   */
  public static ConnectionId parse(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length == 3) {
      try {
        ConnectionId id =
            new ConnectionId(
                new NodeId(parts[0]),
                Long.parseLong(parts[1], RADIX),
                Long.parseLong(parts[2], RADIX));
        // one id has one text: no plus sign, capital letter or leading zero
        if (id.toString().equals(text)) {
          return id;
        }
      } catch (IllegalArgumentException e) {
        // answered below, with the whole text
      }
    }
    throw new IllegalArgumentException(
        "A connection id is <node>.<incarnation>.<number>, but this is '" + text + "'");
  }

  /** The text form that {@link #parse} reads. */
  @Override
  public String toString() {
    return node + "." + Long.toString(incarnation, RADIX) + "." + Long.toString(number, RADIX);
  }
}
