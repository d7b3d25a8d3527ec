package io.pushwire.core;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeInfo;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which users are connected where, on all nodes. Any thread reads and writes it. Kept small: a user
 * with one connection costs one map entry and one {@link Place}.
 */
final class Roster {
  private final ConcurrentHashMap<String, Place> places = new ConcurrentHashMap<>();

  /** Does nothing if it is known already. */
  void add(Holder holder, String user, long number) {
    places.compute(
        user,
        (u, first) -> {
          if (find(first, holder, number)) {
            return first;
          }
          holder.size.incrementAndGet();
          return new Place(holder, number, first);
        });
  }

  /** Does nothing if it is not known. */
  void remove(Holder holder, String user, long number) {
    places.computeIfPresent(
        user,
        (u, first) -> {
          if (!find(first, holder, number)) {
            return first;
          }
          holder.size.decrementAndGet();
          return without(first, holder, number);
        });
  }

  void removeAll(Holder holder) {
    Iterator<String> users = places.keySet().iterator();
    while (users.hasNext() && holder.size.get() > 0) {
      places.computeIfPresent(users.next(), (u, first) -> without(first, holder));
    }
  }

  /** All entries of one node, in no order; what changes meanwhile may be among them or not. */
  @SuppressWarnings("ReferenceEquality") // a holder is an identity
  void forEach(Holder holder, Consumer<Control.Change> action) {
    places.forEach(
        (user, first) -> {
          for (Place p = first; p != null; p = p.next) {
            if (p.holder == holder) {
              action.accept(new Control.Change(true, p.number, user));
            }
          }
        });
  }

  boolean isOnline(String user) {
    return places.containsKey(user);
  }

  List<ConnectionId> connections(String user) {
    List<ConnectionId> ids = new ArrayList<>(2);
    for (Place p = places.get(user); p != null; p = p.next) {
      ConnectionId id = new ConnectionId(p.holder.node.id(), p.holder.node.incarnation(), p.number);
      // while a snapshot replaces what was known of a node, both name the same connection
      if (!ids.contains(id)) {
        ids.add(id);
      }
    }
    return ids;
  }

  int users() {
    return places.size();
  }

  private static boolean find(@Nullable Place first, Holder holder, long number) {
    for (Place p = first; p != null; p = p.next) {
      if (p.is(holder, number)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Place without(@Nullable Place first, Holder holder, long number) {
    Place rest = null;
    for (Place p = first; p != null; p = p.next) {
      if (!p.is(holder, number)) {
        rest = new Place(p.holder, p.number, rest);
      }
    }
    return rest;
  }

  @SuppressWarnings("ReferenceEquality") // a holder is an identity
  private static @Nullable Place without(Place first, Holder holder) {
    Place rest = null;
    for (Place p = first; p != null; p = p.next) {
      if (p.holder != holder) {
        rest = new Place(p.holder, p.number, rest);
      } else {
        holder.size.decrementAndGet();
      }
    }
    return rest;
  }

  /** One node's part of the roster. */
  static final class Holder {
    private final NodeInfo node;
    private final AtomicInteger size = new AtomicInteger();

    Holder(NodeInfo node) {
      this.node = node;
    }

    NodeInfo node() {
      return node;
    }

    /** How many connections with a user it has. */
    int size() {
      return size.get();
    }
  }

  /** One connection of a user, and his others. */
  private static final class Place {
    private final Holder holder;
    private final long number;
    private final @Nullable Place next;

    Place(Holder holder, long number, @Nullable Place next) {
      this.holder = holder;
      this.number = number;
      this.next = next;
    }

    @SuppressWarnings("ReferenceEquality") // a holder is an identity
    boolean is(Holder other, long otherNumber) {
      return holder == other && number == otherNumber;
    }
  }
}
