package io.pushwire.driver.redisqueue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Posts to all nodes of a place, in the order in which entries are given. While a look at who is
 * there is under way, what else is for that place is collected, and goes with the next look: an
 * entry reaches whoever had joined before it was given, and a burst costs few calls. Any thread.
 */
final class Broadcasts {
  private static final int MOST_ENTRIES = 500;
  private static final int MOST_BYTES = 1 << 20;

  private record Entry(List<byte[]> bytes, CompletableFuture<Integer> taken) {}

  /** Those of its nodes whose name begins so. */
  private record Place(String key, String begin) {}

  private final Shared shared;
  private final Posts posts;
  // guarded by itself; a place is in it while there is a look under way
  private final Map<Place, List<Entry>> collected = new HashMap<>();

  Broadcasts(Shared shared, Posts posts) {
    this.shared = shared;
    this.posts = posts;
  }

  /**
   * @return how many nodes took it
   */
  CompletionStage<Integer> post(byte[] place, byte[] entry) {
    return post(place, "", entry);
  }

  /** Only to those whose name begins so: all incarnations of one node. */
  CompletionStage<Integer> post(byte[] key, String begin, byte[] bytes) {
    Entry entry = new Entry(List.of(bytes), new CompletableFuture<>());
    shared.link().limit(entry.taken);
    Place place = new Place(Keys.text(key), begin);
    synchronized (collected) {
      List<Entry> others = collected.get(place);
      if (others != null) {
        others.add(entry);
        return entry.taken;
      }
      collected.put(place, new ArrayList<>());
    }
    look(place, List.of(entry));
    return entry.taken;
  }

  private void look(Place place, List<Entry> entries) {
    byte[] key = Keys.utf8(place.key);
    shared
        .link()
        .call(c -> c.hgetall(key))
        .whenComplete(
            (nodes, e) -> {
              if (e == null) {
                give(key, place.begin, nodes, entries);
              } else {
                entries.forEach(entry -> entry.taken.completeExceptionally(e));
              }
              List<Entry> next = next(place);
              if (!next.isEmpty()) {
                look(place, next);
              }
            });
  }

  private List<Entry> next(Place place) {
    synchronized (collected) {
      List<Entry> next = collected.remove(place);
      if (next == null || next.isEmpty()) {
        return List.of();
      }
      collected.put(place, new ArrayList<>());
      return next;
    }
  }

  private void give(byte[] key, String begin, Map<byte[], byte[]> nodes, List<Entry> entries) {
    List<Entry> together = new ArrayList<>();
    int bytes = 0;
    for (Entry entry : entries) {
      if (entry.taken.isDone()) {
        continue; // its time is over
      }
      together.add(entry);
      bytes += entry.bytes.get(0).length;
      if (together.size() == MOST_ENTRIES || bytes > MOST_BYTES) {
        giveTogether(key, begin, nodes, together);
        together = new ArrayList<>();
        bytes = 0;
      }
    }
    if (!together.isEmpty()) {
      giveTogether(key, begin, nodes, together);
    }
  }

  private void giveTogether(
      byte[] key, String begin, Map<byte[], byte[]> nodes, List<Entry> entries) {
    List<byte[]> bytes = new ArrayList<>(entries.size());
    entries.forEach(entry -> bytes.addAll(entry.bytes));
    CompletionStage<Integer> sum = CompletableFuture.completedStage(0);
    for (Map.Entry<byte[], byte[]> node : nodes.entrySet()) {
      String name = Keys.text(node.getKey());
      if (!name.startsWith(begin)) {
        continue;
      }
      CompletionStage<Boolean> taken = posts.post(name, bytes);
      taken.thenAccept(alive -> forget(alive, key, node.getKey(), node.getValue()));
      sum = sum.thenCombine(taken, (n, alive) -> n + (alive ? 1 : 0));
    }
    sum.whenComplete((count, e) -> entries.forEach(entry -> tell(entry, count, e)));
  }

  private static void tell(Entry entry, @Nullable Integer count, @Nullable Throwable e) {
    if (count == null) {
      entry.taken.completeExceptionally(e == null ? new IllegalStateException("No reply") : e);
    } else {
      entry.taken.complete(count);
    }
  }

  /**
   * Not if it has joined again since: then its generation is another one. The list of all nodes
   * keeps it until it is buried, or what it leaves behind would be found by nobody.
   */
  private void forget(boolean alive, byte[] place, byte[] node, byte[] generation) {
    if (!alive && !Arrays.equals(place, shared.keys().nodes)) {
      shared.link().eval(Script.PART, new byte[][] {place}, node, generation);
    }
  }
}
