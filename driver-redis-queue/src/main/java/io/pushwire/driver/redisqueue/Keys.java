package io.pushwire.driver.redisqueue;

import io.pushwire.api.NodeInfo;
import java.nio.charset.StandardCharsets;

/**
 * What the driver's keys are called. The keys that belong to one user's list, or to one node, carry
 * its name as hash tag, so that on a Cluster they lie together.
 */
final class Keys {
  static final String DEFAULT_PREFIX = "pw:";
  static final String DEFAULT_LISTS = "user_{user}_messages";

  private static final String USER = "{user}";

  private final String prefix;
  private final String head;
  private final String tail;
  final byte[] nodes;
  final byte[] everyone;
  final byte[] dead;

  /**
   * @param prefix of all keys but the lists; of the lists as well, unless it is the default one
   * @param lists what a user's list is called, with {@code {user}} in it
   * @throws IllegalArgumentException if the user is missing in it, or it has other braces
   */
  Keys(String prefix, String lists) {
    int at = lists.indexOf(USER);
    String around = at < 0 ? "{" : lists.substring(0, at) + lists.substring(at + USER.length());
    if (around.contains("{") || around.contains("}") || around.isEmpty()) {
      throw new IllegalArgumentException(lists);
    }
    this.prefix = prefix;
    this.head = (prefix.equals(DEFAULT_PREFIX) ? "" : prefix) + lists.substring(0, at);
    this.tail = lists.substring(at + USER.length());
    this.nodes = utf8(prefix + "nodes");
    this.everyone = utf8(prefix + "everyone");
    this.dead = utf8(prefix + "dead");
  }

  String listName(String user) {
    return head + user + tail;
  }

  byte[] list(String user) {
    return utf8(listName(user));
  }

  /** The list, its directory, and its pending entries: what the scripts of a user take. */
  byte[][] user(String user) {
    String list = listName(user);
    String side = prefix + "{" + list + "}:";
    return new byte[][] {utf8(list), utf8(side + "own"), utf8(side + "pend")};
  }

  /** Whose list this is; empty if it is none. */
  String userOf(byte[] list) {
    String name = text(list);
    int length = head.length() + tail.length();
    return name.length() > length && name.startsWith(head) && name.endsWith(tail)
        ? name.substring(head.length(), name.length() - tail.length())
        : "";
  }

  /** The nodes that want a topic. */
  byte[] topic(String topic) {
    return utf8(prefix + "t:" + topic);
  }

  NodeKeys node(String node) {
    return new NodeKeys(prefix, node);
  }

  NodeKeys node(NodeInfo node) {
    return node(node.toString());
  }

  /** What belongs to one start of a node. */
  static final class NodeKeys {
    private final String name;
    private final String side;

    private NodeKeys(String prefix, String name) {
      this.name = name;
      this.side = prefix + "n:{" + name + "}:";
    }

    /** Node and incarnation. */
    String name() {
      return name;
    }

    /** Exists while its lease stands. */
    byte[] alive() {
      return utf8(side + "alive");
    }

    /** What is for it. */
    byte[] inbox() {
      return utf8(side + "in");
    }

    /** What it has taken and not acknowledged. */
    byte[] pend() {
      return utf8(side + "pend");
    }

    /** How much it has taken, and how much was lost. */
    byte[] meta() {
      return utf8(side + "meta");
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] number(long number) {
    return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] flag(boolean on) {
    return number(on ? 1 : 0);
  }

  static String text(Object reply) {
    return new String((byte[]) reply, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "prefix=" + prefix + ", ingress=" + head + USER + tail + "=user";
  }
}
