package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.Envelope;
import io.pushwire.api.Payload;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Order, and calls from many threads. */
interface OrderContract extends Cases {
  @Case(13)
  default void keepsTheOrderOfOneSender() {
    Peer a = cluster().peer("a");
    Peer b = cluster().peer("b");
    Traffic traffic = cluster().closing(new Traffic(a, b, Target.user("42"), 0, 128));
    Tally.Result result = traffic.send(9_999).settle(); // which sends one more
    cluster().show("one sender, no fault", result);
    assertThat(result.refused()).as("refused").isZero();
    assertThat(result.lost()).as("lost").isZero();
    assertThat(result.duplicated()).as("duplicated").isZero();
    assertThat(result.reordered()).as("reordered").isZero();
  }

  @Case(14)
  default void keepsTheOrderOfEachThread() throws InterruptedException {
    int threads = 8;
    int each = Scale.of(1000, 5000);
    Peer a = cluster().peer("a");
    Peer b = cluster().peer("b");
    Target topic = Target.topic("orders");
    Map<String, Integer> next = new ConcurrentHashMap<>();
    List<String> disorder = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger count = new AtomicInteger();
    b.delivery()
        .onDeliver(
            envelope -> {
              String[] parts = envelope.payload().text().split(":", 2);
              int number = Integer.parseInt(parts[1]);
              int expected = next.merge(parts[0], 1, Integer::sum) - 1;
              if (number != expected) {
                disorder.add(envelope.payload().text() + " instead of " + expected);
              }
              count.incrementAndGet();
            });
    b.subscribe(topic);
    List<Thread> senders = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      String name = "sender-" + t;
      senders.add(new Thread(() -> sendNumbers(a, topic, name, each), name));
    }
    senders.forEach(Thread::start);
    Wait.until(
        Wait.PATIENCE.multipliedBy(4),
        () -> count.get() >= threads * each,
        () -> count + " of " + threads * each + " arrived, by thread " + next);
    for (Thread sender : senders) {
      sender.join();
    }
    assertThat(disorder).isEmpty();
    assertThat(next).hasSize(threads).allSatisfy((name, n) -> assertThat(n).isEqualTo(each));
  }

  private static void sendNumbers(Peer peer, Target target, String name, int count) {
    CompletionStage<Receipt> last = CompletableFuture.completedStage(null);
    for (int i = 0; i < count; i++) {
      last = peer.publish(peer.envelope(target, Payload.text(name + ":" + i)).build());
      if (i % 100 == 99) {
        Wait.done(last, "publish");
      }
    }
  }

  @Case(15)
  default void mayBeCalledWhileItDelivers() {
    Peer a = cluster().peer("a");
    Peer b = cluster().peer("b");
    Target toA = Target.user("a");
    Target toB = Target.user("b");
    a.subscribe(toA);
    b.subscribe(toB);
    int hops = 1000;
    passOn(a, toA, toB, hops);
    passOn(b, toB, toA, hops);
    a.send(toB, "0");
    Wait.until(
        () -> a.delivery().count(toA) + b.delivery().count(toB) == hops,
        () -> "stuck after " + (a.delivery().count(toA) + b.delivery().count(toB)) + " hops");
  }

  private static void passOn(Peer peer, Target mine, Target other, int hops) {
    peer.delivery()
        .onDeliver(
            envelope -> {
              int hop = Integer.parseInt(envelope.payload().text()) + 1;
              if (envelope.target().equals(mine) && hop < hops) {
                peer.publish(peer.envelope(other, Payload.text(Integer.toString(hop))).build());
              }
            });
  }

  @Case(15)
  default void letsALaneSendWhatItGot() {
    TestNode a = cluster().node();
    TestNode b = cluster().node();
    TestConnection ann = a.connect("ann");
    TestConnection bob = b.connect("bob");
    ann.onFrame(payload -> a.sender().send(Target.user("bob"), payload));
    bob.onFrame(
        payload -> {
          if (bob.frames().size() < 200) {
            b.sender().send(Target.user("ann"), payload);
          }
        });
    b.send(Target.user("ann"), "ball");
    bob.await(200);
  }

  @Case(15)
  default void mayBeSubscribedWhileItDelivers() {
    Peer a = cluster().peer("a");
    Target first = Target.topic("first");
    Target second = Target.topic("second");
    a.delivery()
        .onDeliver(
            (Envelope envelope) -> {
              if (envelope.target().equals(first)) {
                a.driver()
                    .subscribe(List.of(second))
                    .thenRun(() -> a.publish(a.envelope(second, Payload.text("2")).build()));
              }
            });
    a.subscribe(first);
    a.send(first, "1");
    a.await(second, 1);
  }
}
