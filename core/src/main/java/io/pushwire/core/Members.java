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
    return items[index].connection;
  }

  Members except(Set<ConnectionId> ids) {
    Members others = new Members();
    for (int i = 0; i < size; i++) {
      Connection connection = items[i].connection;
      if (!ids.contains(connection.id())) {
        others.add(connection);
      }
    }
    return others;
  }

  Membership add(Connection connection) {
    if (size == items.length) {
      items = Arrays.copyOf(items, size == 0 ? 1 : size * 2);
    }
    Membership membership = new Membership(connection, this, size);
    items[size++] = membership;
    return membership;
  }

  /** A connection's place among the members, so that leaving a large topic costs nothing. */
  static final class Membership {
    private final Connection connection;
    private final Members members;
    private int index;

    private Membership(Connection connection, Members members, int index) {
      this.connection = connection;
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
      last.index = index;
      all.items[all.size] = null;
      if (all.size > 16 && all.size < all.items.length / 4) {
        all.items = Arrays.copyOf(all.items, all.items.length / 2);
      }
      return all.size == 0;
    }
  }
}
