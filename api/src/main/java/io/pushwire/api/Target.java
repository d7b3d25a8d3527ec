package io.pushwire.api;

/**
 * Whom an envelope is for.
 *
 * @since 0.1
 */
public sealed interface Target {
  /** The most characters that a user's or topic's name may have: {@value}. */
  int MAX_NAME_LENGTH = 255;

  /**
   * All connections of one user, on every node.
   *
   * @param id the user: 1 to {@value Target#MAX_NAME_LENGTH} characters, no control characters
   */
  record User(String id) implements Target {
    /**
     * Checks the form.
     *
     * @param id the user
     */
    public User {
      checkName("user id", id);
    }

    @Override
    public String toString() {
      return "user " + id;
    }
  }

  /**
   * All connections that joined a topic, on every node.
   *
   * @param name the topic: 1 to {@value Target#MAX_NAME_LENGTH} characters, no control characters
   */
  record Topic(String name) implements Target {
    /**
     * Checks the form.
     *
     * @param name the topic
     */
    public Topic {
      checkName("topic name", name);
    }

    @Override
    public String toString() {
      return "topic " + name;
    }
  }

  /** Every connection of every node. */
  record Everyone() implements Target {
    @Override
    public String toString() {
      return "everyone";
    }
  }

  /**
   * One connection.
   *
   * @param id the connection
   */
  record Connection(ConnectionId id) implements Target {
    @Override
    public String toString() {
      return "connection " + id;
    }
  }

  /**
   * One node itself, not its connections. For what nodes tell each other; applications cannot send
   * to it.
   *
   * @param id the node
   */
  record Node(NodeId id) implements Target {
    @Override
    public String toString() {
      return "node " + id;
    }
  }

  /**
   * All nodes themselves, not their connections. For what nodes tell each other; applications
   * cannot send to it.
   */
  record Nodes() implements Target {
    @Override
    public String toString() {
      return "nodes";
    }
  }

  /**
   * @param id a user
   * @return all his connections
   * @throws IllegalArgumentException if the id is empty, too long, or has control characters
   */
  static Target user(String id) {
    return new User(id);
  }

  /**
   * @param name a topic
   * @return the connections that joined it
   * @throws IllegalArgumentException if the name is empty, too long, or has control characters
   */
  static Target topic(String name) {
    return new Topic(name);
  }

  /**
   * @return every connection
   */
  static Target everyone() {
    return new Everyone();
  }

  /**
   * @param id a connection
   * @return that connection alone
   */
  static Target connection(ConnectionId id) {
    return new Connection(id);
  }

  private static void checkName(String what, String name) {
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "A " + what + " has 1 to " + MAX_NAME_LENGTH + " characters, not " + name.length());
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isISOControl(c)) {
        throw new IllegalArgumentException(
            "A " + what + " has no control characters, but this one has " + (int) c + " at " + i);
      }
      if (Character.isSurrogate(c)) {
        if (i + 1 == name.length() || !Character.isSurrogatePair(c, name.charAt(i + 1))) {
          throw new IllegalArgumentException("A " + what + " has no half surrogate pairs");
        }
        i++;
      }
    }
  }
}
