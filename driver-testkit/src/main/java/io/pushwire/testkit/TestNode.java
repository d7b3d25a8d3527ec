package io.pushwire.testkit;

import io.pushwire.api.Payload;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.core.ConnectionRegistry;
import io.pushwire.core.InMemoryCounters;
import io.pushwire.core.MessageDriverProvider;
import io.pushwire.core.PushwireNode;
import io.pushwire.core.Sender;
import io.pushwire.core.Settings;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A whole node, whose connections are {@link TestConnection}s on two lanes.
 *
 * @since 0.1
 */
public final class TestNode implements AutoCloseable {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final InMemoryCounters counters = new InMemoryCounters();
  private final AtomicInteger turn = new AtomicInteger();
  private final List<TestLane> lanes;
  private final PushwireNode node;

  /**
   * Opens a node.
   *
   * @param provider makes its driver
   * @param settings all settings of the node, those of the driver below {@code driver.<name>.}
   */
  public TestNode(MessageDriverProvider provider, Settings settings) {
    node = PushwireNode.builder().driver(provider).settings(settings).counters(counters).open();
    String name = "test-lane-" + NUMBERS.incrementAndGet();
    lanes = List.of(new TestLane(name + "a"), new TestLane(name + "b"));
  }

  /**
   * @return the node
   */
  public PushwireNode node() {
    return node;
  }

  /**
   * @return its sender
   */
  public Sender sender() {
    return node.sender();
  }

  /**
   * @return its registry
   */
  public ConnectionRegistry registry() {
    return node.registry();
  }

  /**
   * @return its counters
   */
  public InMemoryCounters counters() {
    return counters;
  }

  /**
   * @param user whom it belongs to; null: anonymous
   * @return a connection that is not bound yet, on one lane or the other
   */
  public TestConnection connection(@Nullable String user) {
    TestLane lane = lanes.get(Math.floorMod(turn.getAndIncrement(), lanes.size()));
    return new TestConnection(registry(), user, lane);
  }

  /**
   * Connects, and waits until the connection is reachable.
   *
   * @param user whom it belongs to; null: anonymous
   * @param topics which it joins
   * @return the connection
   */
  public TestConnection connect(@Nullable String user, String... topics) {
    TestConnection connection = connection(user);
    Wait.done(registry().bind(connection), "bind");
    for (String topic : topics) {
      Wait.done(registry().join(connection, topic), "join");
    }
    return connection;
  }

  /**
   * Sends, and waits until the broker took it.
   *
   * @param target whom it is for
   * @param text what it carries
   * @return what the broker said
   */
  public Receipt send(Target target, String text) {
    return Wait.done(sender().send(target, Payload.text(text)), "send to " + target);
  }

  /** Closes the node, then its lanes. */
  @Override
  public void close() {
    node.close();
    lanes.forEach(TestLane::close);
  }
}
