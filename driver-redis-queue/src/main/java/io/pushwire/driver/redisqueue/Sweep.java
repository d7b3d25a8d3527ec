package io.pushwire.driver.redisqueue;

import io.lettuce.core.cluster.SlotHash;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Looks after the lists of the users who are here: foreign programs write to them and tell nobody.
 * Costs one {@code EXISTS} for {@value #KEYS_AT_ONCE} users; none for those of whom Redis tells by
 * itself when something has come.
 */
final class Sweep {
  private static final int KEYS_AT_ONCE = 500;

  private final Shared shared;
  private final Workers workers;
  private final long touchNanos;

  Sweep(Shared shared, Workers workers) {
    this.shared = shared;
    this.workers = workers;
    touchNanos = TimeUnit.MILLISECONDS.toNanos(shared.config().directoryTtl().toMillis() / 4);
  }

  /**
   * @param nodeGone whether a node has died: then the lists that others own are looked at
   */
  void run(boolean nodeGone) {
    for (Worker worker : workers.all()) {
      worker.execute(() -> run(worker, nodeGone));
    }
  }

  /** Redis has forgotten this node, or believes it dead: all is registered anew. */
  CompletionStage<Void> registerAll() {
    Countdown done = new Countdown(workers.all().size());
    for (Worker worker : workers.all()) {
      worker.execute(
          () -> {
            Collection<Holding> mine = worker.holdings();
            Countdown each = new Countdown(mine.size());
            each.stage().whenComplete((all, e) -> done.one());
            mine.forEach(holding -> holding.anew(each));
          });
    }
    return done.stage();
  }

  private void run(Worker worker, boolean nodeGone) {
    long now = System.nanoTime();
    int link = shared.link().tells();
    List<byte[]> keys = new ArrayList<>();
    List<UserList> lists = new ArrayList<>();
    for (Holding holding : worker.holdings()) {
      holding.step(); // whatever failed is tried again
      if (!(holding instanceof UserList list)) {
        if (holding instanceof Place place && place.isDue(now, touchNanos)) {
          place.lost();
        }
        continue;
      }
      if (!list.isIdle()) {
        continue;
      }
      if ((nodeGone && !list.isOwner()) || list.isToBeTouched(now)) {
        list.wake();
      } else if (!list.isOwner() || !list.watch().isOn(link, now)) {
        byte[][] names = shared.keys().user(list.name());
        keys.add(names[0]);
        lists.add(list);
        if (!list.isOwner()) {
          keys.add(names[2]); // its owner may have died, and left it to this node unheard
          lists.add(list);
        }
      }
    }
    batches(keys).forEach(batch -> look(worker, keys, lists, batch, link));
  }

  /** Indexes of keys that one command may take. */
  private Collection<List<Integer>> batches(List<byte[]> keys) {
    Map<Integer, List<Integer>> open = new HashMap<>();
    List<List<Integer>> full = new ArrayList<>();
    boolean cluster = shared.link().isCluster();
    for (int i = 0; i < keys.size(); i++) {
      int slot = cluster ? SlotHash.getSlot(keys.get(i)) : 0;
      List<Integer> batch = open.computeIfAbsent(slot, s -> new ArrayList<>());
      batch.add(i);
      if (batch.size() == KEYS_AT_ONCE) {
        full.add(batch);
        open.remove(slot);
      }
    }
    full.addAll(open.values());
    return full;
  }

  private void look(
      Worker worker, List<byte[]> keys, List<UserList> lists, List<Integer> batch, int link) {
    byte[][] names = batch.stream().map(keys::get).toArray(byte[][]::new);
    shared
        .link()
        .look(names)
        .thenCompose(
            count -> {
              worker.execute(() -> watched(batch, lists, link));
              return count == 0
                  ? CompletableFuture.completedStage(List.<Object>of())
                  : shared.link().<List<Object>>eval(Script.LOCATE, names);
            })
        .thenAccept(
            found ->
                worker.execute(
                    () -> {
                      for (Object index : found) {
                        lists.get(batch.get(((Long) index).intValue())).wake();
                      }
                    }));
  }

  /** What was looked at is watched; a change that was told since comes behind this. */
  private static void watched(List<Integer> batch, List<UserList> lists, int link) {
    long now = System.nanoTime();
    batch.forEach(index -> lists.get(index).watch().begin(link, now));
  }
}
