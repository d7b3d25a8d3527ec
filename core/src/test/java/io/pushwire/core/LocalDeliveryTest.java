package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.Envelope;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.core.Counters.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalDeliveryTest {
  private static final Target USER = Target.user("42");
  private static final NodeInfo SELF = NodeInfo.of(FakeConnection.NODE, 1);

  private final InMemoryCounters counters = new InMemoryCounters();
  private final FakeDriver driver = new FakeDriver();
  private final ManualLane left = new ManualLane();
  private final ManualLane right = new ManualLane();
  private final Cluster cluster =
      new Cluster(
          SELF, NodeConfig.from(Settings.of(Map.of())), driver, Counters.NONE, Clock.systemUTC());
  private final LocalRegistry registry =
      new LocalRegistry(SELF, counters, driver, null, cluster.closes());
  private final List<Envelope> arrivals = new ArrayList<>();
  private final LocalDelivery delivery = delivery(false);

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void bringsALiveEnvelopeToEveryLaneWithOneTaskEach() {
    FakeConnection a = bind("42", left);
    FakeConnection b = bind("42", left);
    FakeConnection c = bind("42", right);
    FakeConnection other = bind("7", right);
    assertThat(deliver(envelope("x"), Arrival.LIVE)).isCompletedWithValue(Outcome.DELIVERED);
    assertThat(left.run()).isEqualTo(1);
    assertThat(right.run()).isEqualTo(1);
    assertThat(a.texts()).containsExactly("x");
    assertThat(b.texts()).containsExactly("x");
    assertThat(c.texts()).containsExactly("x");
    assertThat(other.texts()).isEmpty();
    assertThat(counters.deliveredCount()).isEqualTo(3);
  }

  @Test
  void writesManyEnvelopesInOneTaskWithOneFlush() {
    FakeConnection a = bind("42", left);
    for (int i = 0; i < 100; i++) {
      deliver(envelope("m" + i), Arrival.LIVE);
    }
    int flushesBefore = left.flushes;
    assertThat(left.run()).isEqualTo(1);
    assertThat(left.flushes - flushesBefore).isEqualTo(1);
    assertThat(a.texts()).hasSize(100).startsWith("m0").endsWith("m99");
  }

  @Test
  void letsTheLaneBreatheBetweenBatches() {
    FakeConnection a = bind("42", left);
    for (int i = 0; i < 1000; i++) {
      deliver(envelope("m" + i), Arrival.LIVE);
    }
    assertThat(left.run()).isEqualTo(4);
    assertThat(a.texts()).hasSize(1000).endsWith("m999");
  }

  @Test
  void aConnectionBoundWhileTheLaneWritesMissesNothing() {
    bind("42", left);
    List<FakeConnection> young = new ArrayList<>();
    left.onWrite =
        (connection, listener) -> {
          if (young.isEmpty()) {
            // another thread binds and publishes; the lane is still at its batch
            young.add(new FakeConnection(registry.newId(), "7", left));
            assertThat(registry.bind(young.get(0))).isCompleted();
            deliver(to(Target.user("7")), Arrival.LIVE);
          }
        };
    deliver(envelope("x"), Arrival.LIVE);
    left.run();
    assertThat(young.get(0).frames).hasSize(1);
    assertThat(counters.droppedCount(Reason.NOBODY)).isZero();
  }

  @Test
  void membersDoNotChangeBetweenAWriteAndItsFlush() {
    FakeConnection a = bind("42", left);
    left.run();
    List<Integer> flushesBeforeWrite = new ArrayList<>();
    left.onWrite = (connection, listener) -> flushesBeforeWrite.add(left.flushes);
    int before = left.flushes;
    deliver(envelope("first"), Arrival.LIVE);
    bind("42", left);
    deliver(envelope("second"), Arrival.LIVE);
    registry.unbind(a);
    left.run();
    // one frame, then two in a batch of their own
    assertThat(flushesBeforeWrite).containsExactly(before, before + 1, before + 1);
    assertThat(left.flushes).isEqualTo(before + 2);
  }

  @Test
  void dropsWhatALaneCannotTakeAndSaysSo() {
    bind("42", left);
    Payload large = Payload.binary(new byte[1024 * 1024]);
    int fits = (int) (LaneGroups.HAND_OVER_BYTES / (1024 * 1024 + 256));
    for (int i = 0; i < fits + 10; i++) {
      assertThat(deliver(envelope(large), Arrival.LIVE))
          .isCompletedWithValue(i < fits ? Outcome.DELIVERED : Outcome.NOBODY_HERE);
    }
    assertThat(counters.droppedCount(Reason.OVERFLOW)).isEqualTo(10);
    assertThat(counters.interruptionCount()).as("at most one a second").isEqualTo(1);
    left.run();
    assertThat(left.written).hasSize(fits);
    deliver(envelope("again"), Arrival.LIVE);
    left.run();
    assertThat(left.written).hasSize(fits + 1);
  }

  @Test
  void remembersNoIdOfAMessageThatNoLaneTook() {
    bind("42", left);
    deliver(envelope(Payload.binary(new byte[(int) LaneGroups.HAND_OVER_BYTES])), Arrival.LIVE);
    Envelope given = builder("y").givenId(Ids.derive("s", "1")).build();
    assertThat(deliver(given, Arrival.LIVE)).isCompletedWithValue(Outcome.NOBODY_HERE);
    left.run();
    assertThat(deliver(given, Arrival.LIVE)).isCompletedWithValue(Outcome.DELIVERED);
    left.run();
    assertThat(left.written).contains(given);
  }

  @Test
  void takesTheLargestPayloadThereMayBe() {
    bind("42", left);
    int largest = (int) LaneGroups.HAND_OVER_BYTES;
    deliver(
        envelope(Payload.wrap(Payload.Type.BINARY, new byte[largest], 0, largest)), Arrival.LIVE);
    left.run();
    assertThat(left.written).hasSize(1);
    assertThat(counters.droppedCount(Reason.OVERFLOW)).isZero();
  }

  @Test
  void aStoredEnvelopeIsDeliveredWithTheFirstFrameThatIsWritten() {
    bind("42", left);
    bind("42", right);
    CompletableFuture<Outcome> outcome = deliver(envelope("x"), Arrival.STORED);
    assertThat(outcome).isNotDone();
    left.onWrite = (connection, listener) -> listener.failed(connection);
    left.run();
    assertThat(outcome).isNotDone();
    right.run();
    assertThat(outcome).isCompletedWithValue(Outcome.DELIVERED);
  }

  @Test
  void aStoredEnvelopeIsNotDeliveredWhenAllFramesFail() {
    bind("42", left);
    bind("42", left);
    left.onWrite = (connection, listener) -> listener.failed(connection);
    CompletableFuture<Outcome> outcome = deliver(envelope("x"), Arrival.STORED);
    left.run();
    assertThat(outcome).isCompletedWithValue(Outcome.NOBODY_HERE);
  }

  @Test
  void aStoredEnvelopeIsNotDeliveredWhenItsConnectionsHaveGoneMeanwhile() {
    FakeConnection a = bind("42", left);
    FakeConnection b = bind("42", right);
    CompletableFuture<Outcome> early = deliver(envelope("x"), Arrival.STORED);
    left.run();
    right.run();
    assertThat(early).isCompletedWithValue(Outcome.DELIVERED);
    registry.unbind(a);
    registry.unbind(b);
    assertThat(deliver(envelope("y"), Arrival.STORED)).isCompletedWithValue(Outcome.NOBODY_HERE);
  }

  @Test
  void aStoredEnvelopeFindsNobodyOnALaneThatItsMembersLeave() {
    FakeConnection a = bind("42", left);
    left.run();
    left.execute(() -> registry.unbind(a));
    CompletableFuture<Outcome> outcome = deliver(envelope("x"), Arrival.STORED);
    left.run();
    // the lane was still known when the envelope was handed over; whichever is first, it ends
    assertThat(outcome).isCompleted();
  }

  @Test
  void aStoredEnvelopeIsNeverDroppedForSpace() {
    bind("42", left);
    Payload large = Payload.binary(new byte[1024 * 1024]);
    for (int i = 0; i < 100; i++) {
      deliver(envelope(large), Arrival.STORED);
    }
    left.run();
    assertThat(left.written).hasSize(100);
  }

  @Test
  void aLaneThatThrowsAtAStoredEnvelopeLeavesItStored() {
    bind("42", left);
    left.onWrite =
        (connection, listener) -> {
          throw new IllegalStateException("broken lane");
        };
    CompletableFuture<Outcome> outcome = deliver(envelope("x"), Arrival.STORED);
    deliver(envelope("y"), Arrival.LIVE);
    left.run();
    assertThat(outcome).isCompletedWithValue(Outcome.NOBODY_HERE);
    left.onWrite = (connection, listener) -> listener.written(connection);
    assertThat(deliver(envelope("z"), Arrival.LIVE)).isCompletedWithValue(Outcome.DELIVERED);
    left.run();
    assertThat(left.written).hasSize(3);
  }

  @Test
  void aLaneThatMeetsAnErrorGoesOn() {
    FakeConnection a = bind("42", left);
    left.onWrite =
        (connection, listener) -> {
          throw new NoClassDefFoundError("a jar that was replaced");
        };
    deliver(envelope("x"), Arrival.LIVE);
    left.run();
    left.onWrite = (connection, listener) -> listener.written(connection);
    deliver(envelope("y"), Arrival.LIVE);
    left.run();
    assertThat(a.texts()).containsExactly("x", "y");
  }

  @Test
  void aLaneThatThrowsAtAFlushGoesOn() {
    FakeConnection a = bind("42", left);
    left.onFlush =
        () -> {
          throw new IllegalStateException("broken flush");
        };
    deliver(envelope("x"), Arrival.LIVE);
    left.run();
    left.onFlush = () -> {};
    deliver(envelope("y"), Arrival.LIVE);
    left.run();
    assertThat(a.texts()).containsExactly("x", "y");
  }

  @Test
  void nobodyHereIsCounted() {
    assertThat(deliver(envelope("x"), Arrival.LIVE)).isCompletedWithValue(Outcome.NOBODY_HERE);
    assertThat(counters.droppedCount(Reason.NOBODY)).isEqualTo(1);
  }

  @Test
  void sparesExceptedConnections() {
    FakeConnection a = bind("42", left);
    FakeConnection b = bind("42", left);
    deliver(builder("x").except(Set.of(a.id())).build(), Arrival.LIVE);
    CompletableFuture<Outcome> none =
        deliver(builder("y").except(Set.of(a.id(), b.id())).build(), Arrival.STORED);
    left.run();
    assertThat(a.texts()).isEmpty();
    assertThat(b.texts()).containsExactly("x");
    assertThat(none).isCompletedWithValue(Outcome.NOBODY_HERE);
  }

  @Test
  void reachesOneConnectionOfThisStartOnly() {
    FakeConnection a = bind("42", left);
    FakeConnection b = bind("42", left);
    deliver(to(Target.connection(a.id())), Arrival.LIVE);
    left.run();
    assertThat(a.frames).hasSize(1);
    assertThat(b.frames).isEmpty();
    FakeConnection earlier = new FakeConnection(a.id().number(), left);
    registry.unbind(earlier); // another object with that id
    assertThat(registry.find(a.id())).contains(a);
    Target before = Target.connection(new ConnectionId(FakeConnection.NODE, 0, a.id().number()));
    assertThat(deliver(to(before), Arrival.LIVE)).isCompletedWithValue(Outcome.NOBODY_HERE);
  }

  @Test
  void rejectsWhatHasExpired() {
    bind("42", left);
    Envelope late =
        builder("x").sentAt(Instant.now().minusSeconds(9)).ttl(Duration.ofSeconds(1)).build();
    assertThat(deliver(late, Arrival.STORED)).isCompletedWithValue(Outcome.REJECTED);
    assertThat(counters.droppedCount(Reason.EXPIRED)).isEqualTo(1);
  }

  @Test
  void rejectsControlForUsersAndMessagesForNodes() {
    bind("42", left);
    Envelope control = builder("x").kind(Envelope.Kind.CONTROL).build();
    assertThat(deliver(control, Arrival.LIVE)).isCompletedWithValue(Outcome.REJECTED);
    assertThat(deliver(to(new Target.Nodes()), Arrival.LIVE))
        .isCompletedWithValue(Outcome.REJECTED);
    assertThat(counters.droppedCount(Reason.FORBIDDEN)).isEqualTo(2);
    left.run();
    assertThat(left.written).isEmpty();
  }

  @Test
  void dropsARepeatOnlyWhereOneIsPossible() {
    bind("42", left);
    Envelope ours = envelope("x");
    Envelope given = builder("y").givenId(Ids.derive("s", "1")).build();
    for (Envelope envelope : new Envelope[] {ours, ours, given, given}) {
      assertThat(deliver(envelope, Arrival.LIVE)).isCompletedWithValue(Outcome.DELIVERED);
    }
    left.run();
    assertThat(left.written).containsExactly(ours, ours, given);
    assertThat(counters.droppedCount(Reason.DUPLICATE)).isEqualTo(1);
  }

  @Test
  void dropsEveryRepeatOfADriverThatRepeats() {
    bind("42", left);
    Envelope ours = envelope("x");
    LocalDelivery mayRepeat = delivery(true);
    mayRepeat.deliver(ours, Arrival.LIVE);
    mayRepeat.deliver(ours, Arrival.LIVE);
    left.run();
    assertThat(left.written).containsExactly(ours);
  }

  @Test
  void triesAgainWhatWasNotDelivered() {
    bind("42", left);
    LocalDelivery mayRepeat = delivery(true);
    Envelope stored = envelope("x");
    left.onWrite = (connection, listener) -> listener.failed(connection);
    mayRepeat.deliver(stored, Arrival.STORED);
    left.run();
    left.onWrite = (connection, listener) -> listener.written(connection);
    assertThat(mayRepeat.deliver(stored, Arrival.REDELIVERED).toCompletableFuture()).isNotDone();
    left.run();
    assertThat(left.written).hasSize(2);
    assertThat(mayRepeat.deliver(stored, Arrival.REDELIVERED).toCompletableFuture())
        .isCompletedWithValue(Outcome.DELIVERED);
    left.run();
    assertThat(left.written).hasSize(2);
  }

  @Test
  void tellsOnceOfEachMessageThatSomebodyHereGets() {
    Envelope message = builder("x").header("traceparent", "00-1-2-01").build();
    delivery.deliver(message, Arrival.LIVE);
    assertThat(arrivals).as("nobody here").isEmpty();

    bind("42", left);
    bind("42", right);
    delivery.deliver(message, Arrival.LIVE);
    assertThat(arrivals).containsExactly(message);
    assertThat(arrivals.get(0).headers()).containsEntry("traceparent", "00-1-2-01");
  }

  @Test
  void aListenerForArrivalsThatThrowsKeepsNothingBack() {
    FakeConnection a = bind("42", left);
    new LocalDelivery(
            registry,
            cluster,
            counters,
            Clock.systemUTC(),
            false,
            envelope -> {
              throw new NoClassDefFoundError("as wanted");
            })
        .deliver(envelope("x"), Arrival.LIVE);
    left.run();
    assertThat(a.texts()).containsExactly("x");
  }

  @Test
  void deliversNothingAfterClose() {
    bind("42", left);
    delivery.close();
    assertThat(deliver(envelope("x"), Arrival.STORED)).isCompletedWithValue(Outcome.NOBODY_HERE);
    delivery.interrupted(Interruption.of(Instant.now(), Instant.now(), "closed"));
    assertThat(counters.interruptionCount()).isZero();
  }

  private LocalDelivery delivery(boolean mayRepeat) {
    return new LocalDelivery(
        registry, cluster, counters, Clock.systemUTC(), mayRepeat, arrivals::add);
  }

  private FakeConnection bind(String user, ManualLane lane) {
    FakeConnection connection = new FakeConnection(registry.newId(), user, lane);
    assertThat(registry.bind(connection)).isCompleted();
    lane.run();
    return connection;
  }

  private CompletableFuture<Outcome> deliver(Envelope envelope, Arrival arrival) {
    return delivery.deliver(envelope, arrival).toCompletableFuture();
  }

  private static Envelope to(Target target) {
    return Envelope.builder(target, Payload.text("x")).id(Ids.next()).sentAt(Instant.now()).build();
  }

  private static Envelope envelope(String text) {
    return builder(text).build();
  }

  private static Envelope envelope(Payload payload) {
    return Envelope.builder(USER, payload).id(Ids.next()).sentAt(Instant.now()).build();
  }

  private static Envelope.Builder builder(String text) {
    return Envelope.builder(USER, Payload.text(text)).id(Ids.next()).sentAt(Instant.now());
  }
}
