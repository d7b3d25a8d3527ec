package io.pushwire.core;

import io.pushwire.api.ConnectionId;
import java.util.Arrays;
import java.util.Set;

/**
 * The connections of one lane that belong to one target. Unordered. Read and changed on the lane
 * only.
 *
 * @since 0.1
 */
public final class Members {
  private static final Membership[] NONE = {};
  private static final Connection[] NOBODY = {};

  // side by side: a fan-out reads the connections alone
  private Connection[] connections = NOBODY;
  private Membership[] items = NONE;
  private int size;

  Members() {}

  static Members of(Connection connection) {
    Members members = new Members();
    members.add(connection);
    return members;
  }

  /**
   * @return how many there are
   */
  public int size() {
    return size;
  }

  /**
   * @param index 0 to size - 1
   * @return one of them
   */
  public Connection get(int index) {
    if (index >= size) {
      throw new IndexOutOfBoundsException(index);
    }
    return connections[index];
  }

  Members except(Set<ConnectionId> ids) {
    Members others = new Members();
    for (int i = 0; i < size; i++) {
      Connection connection = connections[i];
      if (!ids.contains(connection.id())) {
        others.add(connection);
      }
    }
    return others;
  }

  Membership add(Connection connection) {
    if (size == items.length) {
      resize(size == 0 ? 1 : size * 2);
    }
    Membership membership = new Membership(this, size);
    connections[size] = connection;
    items[size++] = membership;
    return membership;
  }

  private void resize(int length) {
    items = Arrays.copyOf(items, length);
    connections = Arrays.copyOf(connections, length);
  }

  /** A connection's place among the members, so that leaving a large topic costs nothing. */
  static final class Membership {
    private final Members members;
    private int index;

    private Membership(Members members, int index) {
      this.members = members;
      this.index = index;
    }

    /**
     * @return whether the members are empty now
     */
    @SuppressWarnings("NullAway") // the freed place is never read
    boolean remove() {
      Members all = members;
      Membership last = all.items[--all.size];
      all.items[index] = last;
      all.connections[index] = all.connections[all.size];
      last.index = index;
      all.items[all.size] = null;
      all.connections[all.size] = null;
      if (all.size > 16 && all.size < all.items.length / 4) {
        all.resize(all.items.length / 2);
      }
      return all.size == 0;
    }
  }
}
