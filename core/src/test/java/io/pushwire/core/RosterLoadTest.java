package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.NodeId;
import io.pushwire.api.NodeInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the roster costs. */
class RosterLoadTest {
  private static final Logger log = LoggerFactory.getLogger(RosterLoadTest.class);
  private static final int USERS = 1_000_000;
  private static final int NODES = 5;
  private static final int CONNECTS_PER_SECOND = 1000;

  @Test
  void aMillionUsersTakeAtMost160BytesEach() {
    Roster roster = new Roster();
    Roster.Holder holder = new Roster.Holder(NodeInfo.of(new NodeId("n"), 1));
    long before = liveHeap();
    for (int i = 0; i < USERS; i++) {
      // a name of its own, as one that came through a driver
      roster.add(holder, "user-" + (1_000_000 + i), i);
    }
    long each = (liveHeap() - before) / USERS;
    log.info("{} bytes for each of {} users", each, roster.users());
    assertThat(each).isBetween(60L, 160L);
  }

  @Test
  void aThousandConnectsASecondOnFiveNodesCostEachLessThanATwentiethOfACore() {
    String prefix = "load-" + System.nanoTime() + ":";
    List<PushwireNode> nodes = new ArrayList<>();
    List<FaultyMemoryProvider> links = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      FaultyMemoryProvider link = new FaultyMemoryProvider();
      links.add(link);
      Map<String, String> settings = Map.of("node.id", "load" + i, "driver.memory.prefix", prefix);
      nodes.add(PushwireNode.builder().driver(link).settings(Settings.of(settings)).open());
    }
    try {
      await().until(() -> nodes.stream().allMatch(n -> n.registry().nodes().size() == NODES));
      connect(nodes, 2); // compiled code, not the interpreter, is what counts
      int seconds = Boolean.getBoolean("pushwire.long") ? 30 : 5;
      long cpuBefore = cpuOfNodes();
      long bytesBefore = links.stream().mapToLong(l -> l.publishedBytes.sum()).sum();
      long begin = System.nanoTime();
      connect(nodes, seconds);
      double elapsed = (System.nanoTime() - begin) / 1e9;
      double core = (cpuOfNodes() - cpuBefore) / 1e9 / elapsed / NODES;
      double bytes =
          (links.stream().mapToLong(l -> l.publishedBytes.sum()).sum() - bytesBefore)
              / elapsed
              / NODES;
      log.info(
          "Each of {} nodes: {} % of a core, {} kB/s published",
          NODES, Math.round(core * 1000) / 10.0, Math.round(bytes / 100) / 10.0);
      assertThat(core).isLessThan(0.05);
    } finally {
      nodes.forEach(PushwireNode::close);
    }
  }

  /** Each second a thousand users come, and those of the second before go. */
  private static void connect(List<PushwireNode> nodes, int seconds) {
    List<SilentConnection> open = new ArrayList<>();
    long begin = System.nanoTime();
    for (int i = 0; i < seconds * CONNECTS_PER_SECOND; i++) {
      PushwireNode node = nodes.get(i % NODES);
      SilentConnection c =
          new SilentConnection(
              node.registry().newId(), Optional.of("user-" + i), SilentConnection.LANE);
      node.registry().bind(c);
      open.add(c);
      if (open.size() > CONNECTS_PER_SECOND) {
        SilentConnection gone = open.get(i - CONNECTS_PER_SECOND);
        nodes.get((i - CONNECTS_PER_SECOND) % NODES).registry().unbind(gone);
      }
      long due = begin + i * (1_000_000_000L / CONNECTS_PER_SECOND);
      while (due - System.nanoTime() > 0) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
    }
  }

  /** The nodes' own threads, and those on which the driver delivers. */
  private static long cpuOfNodes() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (long id : threads.getAllThreadIds()) {
      var info = threads.getThreadInfo(id);
      if (info != null
          && (info.getThreadName().startsWith("pushwire-node-load")
              || info.getThreadName().startsWith("pushwire-memory-load"))) {
        sum += threads.getThreadCpuTime(id);
      }
    }
    return sum;
  }

  private static long liveHeap() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
