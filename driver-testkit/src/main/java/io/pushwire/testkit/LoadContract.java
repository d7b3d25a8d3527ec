package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.BatchReceipt;
import io.pushwire.api.Payload;
import io.pushwire.api.SendOptions;
import io.pushwire.api.Target;
import io.pushwire.api.WhenOffline;
import io.pushwire.core.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** More than somebody can take. */
interface LoadContract extends Cases {
  @Case(16)
  default void publishReturnsAtOnceWhileAReceiverIsStuck() {
    Peer a = cluster().peer("a");
    Peer b = cluster().peer("b");
    Target user = Target.user("42");
    b.subscribe(user);
    CompletableFuture<Void> stuck = new CompletableFuture<>();
    b.delivery().onDeliver(envelope -> stuck.join());
    cluster().closing(() -> stuck.complete(null));
    Latencies latencies = new Latencies();
    for (int i = 0; i < 1000; i++) {
      latencies.time(() -> a.publish(a.envelope(user, Payload.text("x")).build()));
    }
    latencies.assertReturnsAtOnce();
  }

  @Case(21)
  default void sendsToManyUsersWithinABoundedHeap() {
    int users = Scale.of(100_000, 1_000_000);
    int online = 1000;
    TestNode a = cluster().node();
    TestNode b = cluster().node();
    List<TestConnection> connections = new ArrayList<>();
    for (int i = 0; i < online; i++) {
      connections.add(b.connect("u" + i * (users / online)));
    }
    Heap heap = new Heap();
    // the users are made up on the way, so that what grows is the driver's or core's
    ManyUsers targets = new ManyUsers(users, heap::look);
    SendOptions drop = SendOptions.builder().whenOffline(WhenOffline.DROP).build();
    BatchReceipt receipt =
        Wait.done(
            a.sender().send(targets, Payload.text("sale"), drop),
            Duration.ofMinutes(5),
            "send to " + users);
    assertThat(receipt.failed()).as("failed: %s", receipt.failures()).isZero();
    connections.forEach(connection -> connection.await(1));
    assertThat(connections).allSatisfy(c -> assertThat(c.texts()).containsExactly("sale"));
    heap.assertGrewByLessThan(64);
  }

  @Case(37)
  default void survivesASlowReceiver() {
    Peer a = cluster().peer("a");
    Peer b = cluster().peer("b");
    Heap heap = new Heap();
    int count = Scale.of(8_000, 40_000);
    Traffic traffic = cluster().closing(new Traffic(a, b, Target.topic("t"), 2000, 16 * 1024));
    long slow = Duration.ofMillis(5).toNanos();
    Tally tally = traffic.tally();
    AtomicBoolean hurry = new AtomicBoolean();
    b.delivery()
        .onDeliver(
            envelope -> {
              if (!hurry.get()) {
                LockSupport.parkNanos(slow);
              }
              tally.delivered(envelope.payload().bytes().getInt());
            });
    traffic.start();
    Wait.until(
        Duration.ofMinutes(2),
        () -> traffic.given() >= count,
        () -> "publishing does not go on: " + traffic.given());
    heap.look();
    hurry.set(true);
    Tally.Result result = traffic.settle();
    cluster().show("receiver takes 5 ms, 2,000/s of 16 KB", result);
    heap.assertGrewByLessThan(200);
    assertThat(result.reordered()).as("reordered").isZero();
    if (cluster().claims(Capability.REPORTS_LOSS)) {
      if (result.lost() > 0) {
        assertThat(result.interruptions()).as("interruptions reported").isPositive();
      }
      if (cluster().inProcess()) {
        assertThat(result.lost() + result.refused())
            .as("lost and reported, or refused: without a broker only this shows REPORTS_LOSS")
            .isPositive();
      }
    }
  }
}
