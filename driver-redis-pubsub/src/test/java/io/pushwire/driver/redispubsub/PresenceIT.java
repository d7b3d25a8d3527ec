package io.pushwire.driver.redispubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.pushwire.api.Target;
import io.pushwire.core.Capability;
import io.pushwire.core.DriverContext;
import io.pushwire.core.LinkKeeper;
import io.pushwire.core.MessageDriver;
import io.pushwire.core.MessageDriverProvider;
import io.pushwire.core.Settings;
import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.FaultProxy;
import io.pushwire.testkit.RedisServer;
import io.pushwire.testkit.TestConnection;
import io.pushwire.testkit.TestNode;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Links that look alive, and rosters that were cut in two. */
class PresenceIT {
  private static final Duration NOTICED = Duration.ofSeconds(5);
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);

  private final RedisServer redis = Brokers.redis();
  private final FaultProxy proxy = FaultProxy.to(redis.port());
  private final List<TestNode> nodes = new ArrayList<>();

  @AfterEach
  void close() {
    proxy.heal();
    nodes.forEach(TestNode::close);
    proxy.close();
    redis.close();
  }

  @Test
  void halfOfTheNodesAreCutOffAndAllAgreeAgain() {
    for (int i = 0; i < 4; i++) {
      open(i < 2 ? redis.port() : proxy.port(), new RedisPubSubDriverProvider());
    }
    await().until(() -> nodes.stream().allMatch(n -> n.registry().nodes().size() == 4));
    List<TestConnection> open = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      open.add(nodes.get(i % 4).connect("u" + i));
    }
    awaitTruth(open, HEARTBEAT);

    proxy.blackHole();
    List<TestNode> cutOff = nodes.subList(2, 4);
    await().atMost(NOTICED).until(() -> cutOff.stream().noneMatch(n -> n.node().link().up()));
    await().atMost(Duration.ofSeconds(10)).until(() -> nodes.get(0).registry().nodes().size() == 2);
    assertThat(cutOff)
        .allMatch(n -> n.registry().isStale() && n.registry().nodes().size() == 4)
        .allMatch(n -> n.registry().isOnline("u0"));
    assertThat(open).noneMatch(c -> c.closeCode().isPresent());

    proxy.heal();
    await().until(() -> nodes.stream().allMatch(n -> n.node().link().up()));
    awaitTruth(open, HEARTBEAT.multipliedBy(3));
    assertThat(open).noneMatch(c -> c.closeCode().isPresent());
  }

  @Test
  void aBlackHoleIsNoticedAndTheLinkHeals() {
    TestNode node = open(proxy.port(), new RedisPubSubDriverProvider());
    TestConnection connection = node.connect("42");
    await().until(() -> node.node().link().up());
    proxy.blackHole();
    await().atMost(NOTICED).until(() -> !node.node().link().up());
    proxy.heal();
    await().until(() -> node.node().link().up());
    node.send(Target.user("42"), "back");
    await().until(() -> connection.texts().contains("back"));
  }

  @Test
  void aSubscriberUnsubscribedBehindTheDriversBackIsNoticedAndHealed() throws Exception {
    AtomicReference<MessageDriver> driver = new AtomicReference<>();
    TestNode node = open(redis.port(), new Capturing(driver));
    TestConnection member = node.connect("42");
    await().until(() -> node.node().link().up());

    Object subscriber = field(driver.get(), "subscriber");
    LinkKeeper<?> links = (LinkKeeper<?>) field(subscriber, "links");
    var hearing = (RedisConnector.Connected<?>) links.current();
    @SuppressWarnings("unchecked")
    var connection = (StatefulRedisPubSubConnection<String, byte[]>) hearing.connection();
    connection.sync().unsubscribe();
    assertThat(redis.channels()).isZero();

    await().atMost(NOTICED).until(() -> !node.node().link().up());
    await().until(() -> node.node().link().up());
    node.send(Target.user("42"), "back");
    await().until(() -> member.texts().contains("back"));
    assertThat(node.counters().interruptionCount()).isPositive();
  }

  private TestNode open(int port, MessageDriverProvider provider) {
    String uri = "redis://127.0.0.1:" + port;
    TestNode node = new TestNode(provider, Settings.of(Map.of("driver.redis-pubsub.uri", uri)));
    nodes.add(node);
    return node;
  }

  private void awaitTruth(List<TestConnection> open, Duration atMost) {
    await()
        .atMost(atMost)
        .untilAsserted(
            () ->
                nodes.forEach(
                    n ->
                        open.forEach(
                            c ->
                                assertThat(n.registry().connections(c.user().orElseThrow()))
                                    .containsExactly(c.id()))));
    assertThat(nodes).allMatch(n -> new HashSet<>(n.registry().nodes()).size() == nodes.size());
  }

  /** What no caller may reach, a broken network can. */
  private static Object field(Object of, String name) throws ReflectiveOperationException {
    Field field = of.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(of);
  }

  private record Capturing(AtomicReference<MessageDriver> driver) implements MessageDriverProvider {
    private static final MessageDriverProvider REAL = new RedisPubSubDriverProvider();

    @Override
    public String name() {
      return REAL.name();
    }

    @Override
    public Set<Capability> capabilities() {
      return REAL.capabilities();
    }

    @Override
    public MessageDriver open(DriverContext context) {
      driver.set(REAL.open(context));
      return driver.get();
    }
  }
}
