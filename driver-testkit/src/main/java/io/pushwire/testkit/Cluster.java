package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.NodeId;
import io.pushwire.api.NodeInfo;
import io.pushwire.core.Capability;
import io.pushwire.core.MessageDriverProvider;
import io.pushwire.core.Settings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one test: opens them on a prefix of their own, and closes them all at its end,
 * whatever became of the test.
 *
 * @since 0.1
 */
public final class Cluster implements AutoCloseable {
  private static final AtomicLong INCARNATIONS = new AtomicLong(System.currentTimeMillis() * 1000);

  private final MessageDriverContract contract;
  private final String prefix =
      "k" + Long.toString(ThreadLocalRandom.current().nextLong() >>> 24, 36);
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final List<Peer> peers = new ArrayList<>();
  private @Nullable Broker broker;

  Cluster(MessageDriverContract contract) {
    this.contract = contract;
  }

  /**
   * @return the application's prefix
   */
  public String prefix() {
    return prefix;
  }

  /**
   * Opens a driver.
   *
   * @param node the id of its node
   * @return the driver
   */
  public Peer peer(String node) {
    NodeInfo self = NodeInfo.of(new NodeId(node), INCARNATIONS.incrementAndGet());
    Peer peer = new Peer(provider(), self, Settings.of(contract.settings(prefix)));
    peers.add(peer);
    return closing(peer);
  }

  /**
   * Opens a node.
   *
   * @return the node
   */
  public TestNode node() {
    return node(provider(), Map.of());
  }

  /**
   * Opens a node.
   *
   * @param provider makes its driver
   * @param settings of the node itself
   * @return the node
   */
  public TestNode node(MessageDriverProvider provider, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings());
    all.putAll(settings);
    return closing(new TestNode(provider, Settings.of(all)));
  }

  /** Nodes that know each other. */
  List<TestNode> nodes(int count, Map<String, String> settings) {
    List<TestNode> nodes = Stream.generate(() -> node(provider(), settings)).limit(count).toList();
    Wait.until(
        () -> nodes.stream().allMatch(n -> n.registry().nodes().size() == count),
        () -> "the nodes do not know each other");
    return nodes;
  }

  /** What a node needs to use the driver. */
  Map<String, String> settings() {
    return ofNode(contract.settings(prefix));
  }

  /** The same with limits; as in {@link MessageDriverContract#keeping}. */
  Map<String, String> keeping(int most, Duration time, Duration silence) {
    Map<String, String> all = settings();
    all.putAll(ofNode(contract.keeping(most, time, silence)));
    return all;
  }

  private Map<String, String> ofNode(Map<String, String> ofDriver) {
    Map<String, String> all = new HashMap<>();
    ofDriver.forEach((key, value) -> all.put("driver." + provider().name() + "." + key, value));
    return all;
  }

  int mostUnderWay() {
    return contract.mostUnderWay();
  }

  /**
   * @return another application on the same broker
   */
  public Cluster other() {
    return closing(new Cluster(contract));
  }

  MessageDriverProvider provider() {
    return contract.provider();
  }

  boolean claims(Capability capability) {
    return provider().capabilities().contains(capability);
  }

  boolean inProcess() {
    return contract.inProcess();
  }

  boolean controls(BrokerControls.Control control) {
    return contract.broker().filter(b -> b.supported().contains(control)).isPresent();
  }

  /** The broker, for cases that ask for one of its controls. */
  Broker broker() {
    Broker known = broker;
    if (known == null) {
      known = closing(new Broker(contract.broker().orElseThrow(), prefix));
      broker = known;
    }
    return known;
  }

  boolean hasForeign() {
    return contract.foreignProducer(prefix).map(this::closing).isPresent();
  }

  /** The foreign producer, for drivers that claim it. */
  ForeignProducer foreign() {
    return closing(contract.foreignProducer(prefix).orElseThrow());
  }

  void show(String scenario, Tally.Result result) {
    contract.guarantees().row(scenario, result);
  }

  /** Undoes something at the end of the test, before the nodes opened so far are closed. */
  <C extends AutoCloseable> C closing(C closeable) {
    open.push(closeable);
    return closeable;
  }

  /** Closes all, last opened first, and looks whether every driver did as it must. */
  @Override
  public void close() {
    List<Throwable> failures = new ArrayList<>();
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception | AssertionError e) {
        failures.add(e);
      }
    }
    assertThat(failures).as("failures while closing").isEmpty();
    for (Peer peer : peers) {
      assertThat(peer.delivery().mistakes())
          .as("what the driver of " + peer.self() + " did")
          .isEmpty();
    }
  }
}
