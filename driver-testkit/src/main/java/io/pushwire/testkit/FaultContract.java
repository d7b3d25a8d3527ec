package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.Payload;
import io.pushwire.api.Receipt;
import io.pushwire.api.SendOptions;
import io.pushwire.api.Target;
import io.pushwire.core.Capability;
import io.pushwire.core.Ids;
import io.pushwire.testkit.BrokerControls.Control;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Faults while messages flow: what is lost, and whether the driver says so. */
interface FaultContract extends Cases {
  @Case(value = 30, with = Control.RESTART)
  default void losesNothingSilentlyWhenTheBrokerIsKilled() {
    Traffic traffic = traffic(2000);
    traffic.start().flows().goOn(500);
    cluster().broker().kill();
    cluster().broker().start();
    traffic.flows().goOn(500);
    judge("broker killed and restarted", traffic, !cluster().broker().durable());
  }

  @Case(value = 32, with = Control.CUT)
  default void subscribesAgainWhenItsConnectionsAreCut() {
    Traffic traffic = traffic(2000);
    Peer b = traffic.receiver();
    List<Target> targets =
        IntStream.range(0, 100)
            .boxed()
            .flatMap(i -> Stream.of(Target.user("u" + i), Target.topic("t" + i)))
            .toList();
    b.subscribe(targets.toArray(Target[]::new));
    b.subscribe(Target.everyone());
    traffic.start().flows().goOn(500);
    int cuts = Scale.of(5, 20);
    for (int i = 0; i < cuts; i++) {
      cluster().broker().cut();
      traffic.flows().goOn(500);
    }
    judge("connections cut " + cuts + " times", traffic, true);
    assertReaches(traffic, targets);
    assertReaches(traffic, List.of(Target.everyone(), new Target.Nodes(), b.connection(1)));
  }

  @Case(value = 34, with = Control.FLUSH)
  default void rebuildsWhatAFlushedBrokerForgot() {
    Traffic traffic = traffic(500);
    List<Target> targets =
        List.of(Target.user("42"), Target.topic("t"), Target.everyone(), new Target.Nodes());
    traffic.receiver().subscribe(targets.subList(0, 3).toArray(Target[]::new));
    traffic.start().flows().goOn(500);
    cluster().broker().flush();
    traffic.flows().goOn(500);
    judge("broker flushed", traffic, true);
    assertReaches(traffic, targets);
  }

  @Case(value = 36, with = Control.CUT)
  default void losesNothingThatIsSentAgainWithTheSameId() {
    Target user = Target.user("42");
    TestNode a = cluster().node();
    TestNode b = cluster().node();
    TestConnection connection = b.connect("42");
    int count = Scale.of(2000, 20_000);
    List<CompletionStage<Receipt>> receipts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      receipts.add(sendWithId(a, user, i));
      if (i % 500 == 250) {
        cluster().broker().cut();
      }
      if (i % 100 == 0) {
        Wait.within(Wait.PATIENCE, receipts.get(i).toCompletableFuture()::isDone);
      }
    }
    for (int i = 0; i < count; i++) {
      int number = i;
      Wait.until(
          () -> succeeded(receipts.get(number)) || succeeded(sendWithId(a, user, number)),
          () -> "message " + number + " is never taken");
    }
    Wait.until(
        () -> succeeded(sendWithId(a, user, count)) && connection.texts().contains("m" + count),
        () -> "nothing comes through any more");
    List<String> texts = connection.texts();
    assertThat(texts).doesNotHaveDuplicates();
    if (cluster().claims(Capability.AT_LEAST_ONCE)) {
      Wait.until(() -> lost(connection, count) == 0, () -> lost(connection, count) + " are lost");
    } else if (cluster().claims(Capability.REPORTS_LOSS) && lost(connection, count) > 0) {
      assertThat(b.counters().interruptionCount()).as("interruptions").isPositive();
    }
  }

  private Traffic traffic(int perSecond) {
    Peer a = cluster().peer("a");
    Peer b = cluster().peer("b");
    return cluster().closing(new Traffic(a, b, Target.topic("orders"), perSecond, 128));
  }

  private void judge(String scenario, Traffic traffic, boolean mayLose) {
    Tally.Result result = traffic.settle();
    cluster().show(scenario, result);
    assertThat(result.reordered()).as("reordered: %s", result).isZero();
    if (cluster().claims(Capability.AT_LEAST_ONCE) && !mayLose) {
      assertThat(result.lost()).as("lost: %s", result).isZero();
    }
    if (cluster().claims(Capability.REPORTS_LOSS) && result.lost() > 0) {
      assertThat(result.interruptions()).as("interruptions reported: %s", result).isPositive();
    }
  }

  private static void assertReaches(Traffic traffic, List<Target> targets) {
    Set<Target> missing = ConcurrentHashMap.newKeySet();
    missing.addAll(targets);
    traffic.receiver().delivery().onDeliver(envelope -> missing.remove(envelope.target()));
    targets.forEach(target -> traffic.sender().send(target, "still there"));
    Wait.until(missing::isEmpty, () -> "not reached any more: " + missing);
  }

  private static CompletionStage<Receipt> sendWithId(TestNode from, Target target, int number) {
    String text = "m" + number;
    SendOptions options = SendOptions.builder().id(Ids.derive("test", text)).build();
    return from.sender().send(target, Payload.text(text), options);
  }

  private static boolean succeeded(CompletionStage<Receipt> receipt) {
    return Wait.within(Wait.PATIENCE, receipt.toCompletableFuture()::isDone)
        && !receipt.toCompletableFuture().isCompletedExceptionally();
  }

  private static int lost(TestConnection connection, int count) {
    HashSet<String> missing = new HashSet<>();
    for (int i = 0; i < count; i++) {
      missing.add("m" + i);
    }
    connection.texts().forEach(missing::remove);
    return missing.size();
  }
}
