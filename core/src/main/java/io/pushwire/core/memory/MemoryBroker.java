package io.pushwire.core.memory;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.Target;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Says which drivers of this JVM subscribed to what. */
final class MemoryBroker {
  private static final Map<String, MemoryBroker> BROKERS = new ConcurrentHashMap<>();

  private final Map<Target, List<MemoryDriver>> subscribers = new ConcurrentHashMap<>();
  private final List<MemoryDriver> drivers = new CopyOnWriteArrayList<>();

  static MemoryBroker named(String prefix) {
    return BROKERS.computeIfAbsent(prefix, p -> new MemoryBroker());
  }

  void enter(MemoryDriver driver) {
    drivers.add(driver);
  }

  void leave(MemoryDriver driver) {
    drivers.remove(driver);
    subscribers.keySet().forEach(target -> unsubscribe(target, driver));
  }

  void subscribe(Target target, MemoryDriver driver) {
    subscribers.compute(
        target,
        (t, list) -> {
          List<MemoryDriver> all = list == null ? new CopyOnWriteArrayList<>() : list;
          if (!all.contains(driver)) {
            all.add(driver);
          }
          return all;
        });
  }

  void unsubscribe(Target target, MemoryDriver driver) {
    subscribers.computeIfPresent(
        target,
        (t, list) -> {
          list.remove(driver);
          return list.isEmpty() ? null : list;
        });
  }

  /** The drivers that an envelope for the target goes to. */
  List<MemoryDriver> receivers(Target target) {
    if (target instanceof Target.Connection one) {
      ConnectionId id = one.id();
      return drivers.stream()
          .filter(d -> d.self().id().equals(id.node()))
          .filter(d -> d.self().incarnation() == id.incarnation())
          .toList();
    } else if (target instanceof Target.Node one) {
      return drivers.stream().filter(d -> d.self().id().equals(one.id())).toList();
    } else if (target instanceof Target.Nodes) {
      return drivers;
    }
    return subscribers.getOrDefault(target, List.of());
  }
}
