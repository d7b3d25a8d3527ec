package io.pushwire.driver.rabbitmq;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What was written to one channel and is not confirmed, by delivery tag. A window: when it is full,
 * the publisher waits. What was given up meanwhile keeps its place until the broker answers, so
 * that a silent broker is not written to without end.
 */
final class Unconfirmed {
  static final int WINDOW = 1000;

  private final NavigableMap<Long, Outgoing> byTag = new TreeMap<>();
  private boolean ended;
  private long heardAt;

  synchronized boolean isLessThan(int size) {
    return byTag.size() < size && !ended;
  }

  /** Waits until there are less than {@code size}; false if the channel has ended. */
  synchronized boolean awaitLessThan(int size) throws InterruptedException {
    while (byTag.size() >= size && !ended) {
      wait();
    }
    return !ended;
  }

  synchronized void add(long tag, Outgoing outgoing) {
    if (byTag.isEmpty()) {
      heardAt = System.nanoTime(); // silence begins when there is something to answer
    }
    byTag.put(tag, outgoing);
  }

  /** Takes out what the broker answered. */
  synchronized List<Outgoing> remove(long tag, boolean multiple) {
    heardAt = System.nanoTime();
    List<Outgoing> answered;
    if (multiple) {
      Collection<Outgoing> head = byTag.headMap(tag, true).values();
      answered = new ArrayList<>(head);
      head.clear();
    } else {
      Outgoing one = byTag.remove(tag);
      answered = one == null ? List.of() : List.of(one);
    }
    notifyAll();
    return answered;
  }

  /** The broker had no queue for it; its confirm follows. */
  synchronized void returned(long tag) {
    heardAt = System.nanoTime();
    Outgoing one = byTag.get(tag);
    if (one != null) {
      one.returned = true;
    }
  }

  synchronized List<Outgoing> all() {
    return new ArrayList<>(byTag.values());
  }

  /** The channel is gone: takes out all, in the order in which they were written. */
  synchronized List<Outgoing> end() {
    ended = true;
    List<Outgoing> rest = new ArrayList<>(byTag.values());
    byTag.clear();
    notifyAll();
    return rest;
  }

  /** Wakes who waits; what is in it stays, to be taken out by {@link #end()}. */
  synchronized void channelEnded() {
    ended = true;
    notifyAll();
  }

  /** How long the broker owes an answer; 0 if it owes none. */
  synchronized long silentNanos(long now) {
    return byTag.isEmpty() ? 0 : now - heardAt;
  }

  /** This JVM itself stood still: silence counts from now. */
  synchronized void forgive(long now) {
    heardAt = now;
  }
}
