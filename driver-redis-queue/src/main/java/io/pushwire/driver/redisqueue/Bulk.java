package io.pushwire.driver.redisqueue;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.cluster.SlotHash;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls one script for many users at a time: whatever was asked for during one task of a worker. On
 * a Cluster those whose keys lie in one slot go together.
 */
final class Bulk {
  /**
   * One user's part of a call.
   *
   * @param keys of the user
   * @param args his own arguments
   * @param then is called on the worker with what the script returns for him
   * @param failed is called on the worker
   */
  record Part(
      List<byte[]> keys, List<byte[]> args, Consumer<Object> then, Consumer<Throwable> failed) {}

  private final Worker worker;
  private final Shared shared;
  private final Script script;
  private final Pacer pacer;
  private final int most;
  private final byte[][] common;
  private List<Part> collected = new ArrayList<>();

  /**
   * @param most users in one call
   * @param common what the script takes before the users' own arguments
   */
  Bulk(Worker worker, Shared shared, Script script, Pacer pacer, int most, byte[]... common) {
    this.worker = worker;
    this.shared = shared;
    this.script = script;
    this.pacer = pacer;
    this.most = most;
    this.common = common;
  }

  /** On the worker. */
  void add(
      List<byte[]> keys, List<byte[]> args, Consumer<Object> then, Consumer<Throwable> failed) {
    collected.add(new Part(keys, args, then, failed));
  }

  /** On the worker, when what was given to it has been done. */
  void flush() {
    if (collected.isEmpty()) {
      return;
    }
    List<Part> parts = collected;
    collected = new ArrayList<>();
    for (List<Part> together : together(parts)) {
      for (int i = 0; i < together.size(); i += most) {
        start(together.subList(i, Math.min(i + most, together.size())));
      }
    }
  }

  private Collection<List<Part>> together(List<Part> parts) {
    if (!shared.link().isCluster()) {
      return List.of(parts);
    }
    Map<Integer, List<Part>> bySlot = new HashMap<>();
    for (Part part : parts) {
      int slot = SlotHash.getSlot(part.keys.get(0));
      bySlot.computeIfAbsent(slot, s -> new ArrayList<>()).add(part);
    }
    return bySlot.values();
  }

  private void start(List<Part> parts) {
    List<byte[]> keys = new ArrayList<>(3 * parts.size());
    List<byte[]> args = new ArrayList<>(common.length + 4 * parts.size());
    args.addAll(List.of(common));
    for (Part part : parts) {
      keys.addAll(part.keys);
      args.addAll(part.args);
    }
    pacer.start(
        () ->
            shared
                .link()
                .<List<Object>>eval(
                    script, keys.toArray(byte[][]::new), args.toArray(byte[][]::new))
                .whenComplete((replies, e) -> worker.execute(() -> ended(parts, replies, e))));
  }

  private void ended(List<Part> parts, @Nullable List<Object> replies, @Nullable Throwable e) {
    if (e == null && replies != null) {
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        Object reply = replies.get(i);
        worker.run(
            () -> part.then.accept(reply)); // what goes wrong with one does not stop the others
      }
    } else if (e != null
        && script != Script.DRAIN // which may have moved something, and says what befell whom
        && parts.size() > 1
        && Link.cause(e) instanceof RedisCommandExecutionException) {
      parts.forEach(part -> start(List.of(part))); // whoever it is must not hold up others
    } else {
      Throwable failure = e == null ? new IllegalStateException("No reply") : e;
      parts.forEach(part -> part.failed.accept(failure));
    }
  }
}
