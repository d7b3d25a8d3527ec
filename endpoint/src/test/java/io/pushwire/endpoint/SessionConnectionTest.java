package io.pushwire.endpoint;

import static io.pushwire.endpoint.FakeSession.Behaviour.HELD;
import static io.pushwire.endpoint.FakeSession.Behaviour.INLINE;
import static io.pushwire.endpoint.FakeSession.Behaviour.THROWS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeId;
import io.pushwire.api.Payload;
import io.pushwire.core.Connection;
import io.pushwire.core.ConnectionRegistry;
import io.pushwire.core.Counters;
import io.pushwire.core.WriteListener;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One frame in flight, the others in a bounded outbox, and each accounted for exactly once. */
class SessionConnectionTest {
  /** Of a session that is bound nowhere. */
  private static final ConnectionRegistry REGISTRY =
      FakeSession.proxy(ConnectionRegistry.class, (proxy, method, arguments) -> null);

  private static final int LIMIT = 9 * (10 + Frame.OVERHEAD);
  private static final int MANY = 100_000;
  private static final Payload TEN = Payload.text("0123456789");

  private final List<String> outcomes = new CopyOnWriteArrayList<>();
  private SessionLanes lanes = lanes(SlowClientPolicy.CLOSE, Duration.ZERO);
  private long numbers;

  @AfterEach
  void end() {
    end(lanes);
    assertThat(outcomes).doesNotContain("wrong thread");
  }

  private static SessionLanes lanes(SlowClientPolicy policy, Duration timeout) {
    return new SessionLanes(REGISTRY, 1, LIMIT, policy, timeout, Counters.NONE);
  }

  private static void end(SessionLanes lanes) {
    lanes.closeConnections(Duration.ofSeconds(5));
    lanes.end(Duration.ofSeconds(5));
  }

  private void use(SlowClientPolicy policy, Duration timeout) {
    end(lanes);
    lanes = lanes(policy, timeout);
  }

  private SessionConnection connect(FakeSession session) {
    ConnectionId id = new ConnectionId(new NodeId("n"), 1, numbers++);
    return lanes.connect(session.session, id, Optional.empty());
  }

  /** Writes on the lane and returns when the lane has done it. */
  private void write(Payload payload, SessionConnection... connections) {
    onLane(
        connections[0],
        () -> {
          Frame frame = new Frame(payload);
          for (SessionConnection connection : connections) {
            connection.write(frame, new Outcomes(payload));
          }
        });
  }

  private static void onLane(SessionConnection connection, Runnable task) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    connection
        .lane()
        .execute(
            () -> {
              try {
                task.run();
                done.complete(null);
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            });
    done.join();
  }

  private static Payload numbered(int i) {
    return Payload.text("number 00" + i);
  }

  @Test
  void oneFrameIsInFlightAtATime() {
    FakeSession session = new FakeSession(HELD);
    SessionConnection connection = connect(session);
    for (int i = 0; i < 5; i++) {
      write(numbered(i), connection);
    }
    for (int i = 0; i < 5; i++) {
      int before = i;
      await().until(() -> session.inFlight() == 1);
      assertThat(session.sent).hasSize(before + 1);
      assertThat(outcomes).hasSize(before);
      session.complete();
      await().until(() -> outcomes.size() == before + 1);
    }
    assertThat(session.sent)
        .isEqualTo(IntStream.range(0, 5).mapToObj(i -> numbered(i).text()).toList());
    assertThat(outcomes).allMatch(outcome -> outcome.startsWith("written"));
  }

  @Test
  void manyThatCompleteAtOnceNeedNoDeepStack() {
    FakeSession session = new FakeSession(HELD);
    end(lanes);
    int limit = MANY * Frame.OVERHEAD;
    lanes =
        new SessionLanes(REGISTRY, 1, limit, SlowClientPolicy.CLOSE, Duration.ZERO, Counters.NONE);
    SessionConnection connection = connect(session);
    onLane(
        connection,
        () -> {
          Frame empty = new Frame(Payload.text(""));
          for (int i = 0; i < MANY; i++) {
            connection.write(empty, WriteListener.NONE);
          }
        });
    session.behaviour = INLINE;
    session.complete();
    await().until(() -> session.sent.size() == MANY);
  }

  @Test
  void aTextIsDecodedOnceForAllConnectionsOfTheLane() {
    FakeSession one = new FakeSession(INLINE);
    FakeSession two = new FakeSession(INLINE);
    write(TEN, connect(one), connect(two));
    assertThat(one.sent.get(0)).isSameAs(two.sent.get(0)).isEqualTo(TEN.text());
  }

  @Test
  void bytesAreSharedButEachConnectionHasItsOwnPosition() {
    FakeSession one = new FakeSession(INLINE);
    FakeSession two = new FakeSession(INLINE);
    Payload bytes = Payload.binary(new byte[] {0, 1, -1});
    write(bytes, connect(one), connect(two));
    assertThat(((ByteBuffer) one.sent.get(0)).get()).isZero();
    assertThat((ByteBuffer) two.sent.get(0)).isEqualTo(bytes.bytes());
    assertThat(outcomes).containsExactlyInAnyOrder("written 0 bytes", "written 1 bytes");
  }

  @Test
  void aContainerThatThrowsDisturbsNobodyElse() {
    FakeSession broken = new FakeSession(THROWS);
    FakeSession healthy = new FakeSession(INLINE);
    write(TEN, connect(broken), connect(healthy));
    assertThat(healthy.sent).containsExactly(TEN.text());
    assertThat(outcomes)
        .containsExactlyInAnyOrder("failed 0 " + TEN.text(), "written 1 " + TEN.text());
    await().until(() -> broken.closed.size() == 1);
    assertThat(broken.closed.get(0).getCloseCode().getCode()).isEqualTo(CloseCode.INTERNAL);
  }

  @Test
  void aSendThatFailsClosesTheConnection() {
    FakeSession session = new FakeSession(HELD);
    SessionConnection connection = connect(session);
    write(numbered(0), connection);
    write(numbered(1), connection);
    session.fail();
    await().until(() -> session.closed.size() == 1 && outcomes.size() == 2);
    assertThat(outcomes).containsExactly("failed 0 number 000", "failed 0 number 001");
  }

  @Test
  void aFullOutboxClosesTheConnection() {
    FakeSession session = new FakeSession(HELD);
    SessionConnection connection = connect(session);
    for (int i = 0; i < 10; i++) {
      write(numbered(i), connection);
    }
    await().until(() -> session.closed.size() == 1);
    assertThat(session.closed.get(0).getCloseCode().getCode()).isEqualTo(CloseCode.TOO_SLOW);
    await().until(() -> outcomes.size() == 10);
    write(numbered(10), connection);
    assertThat(outcomes).hasSize(11).allMatch(outcome -> outcome.startsWith("failed"));
    session.complete();
    onLane(connection, () -> {});
    assertThat(outcomes).hasSize(11);
    assertThat(session.sent).hasSize(1);
  }

  @Test
  void aFullOutboxDropsTheOldestThatHaveNotBegun() {
    use(SlowClientPolicy.DROP_OLDEST, Duration.ZERO);
    FakeSession session = new FakeSession(HELD);
    SessionConnection connection = connect(session);
    for (int i = 0; i < 12; i++) {
      write(Payload.text("number %03d".formatted(i)), connection);
    }
    // nine of ten bytes each are in the outbox or in flight; 1, 2 and 3 had to go, 0 had begun
    assertThat(outcomes)
        .containsExactly("failed 0 number 001", "failed 0 number 002", "failed 0 number 003");
    session.behaviour = INLINE;
    session.complete();
    await().until(() -> outcomes.size() == 12);
    assertThat(session.sent)
        .hasSize(9)
        .startsWith("number 000", "number 004")
        .endsWith("number 011");
    assertThat(session.closed).isEmpty();
  }

  @Test
  void aFrameLargerThanTheOutboxGoesAlone() {
    FakeSession session = new FakeSession(HELD);
    SessionConnection connection = connect(session);
    Payload large = Payload.text("x".repeat(LIMIT + 1));
    write(large, connection);
    assertThat(session.sent).containsExactly(large.text());
    session.complete();
    await().until(() -> outcomes.size() == 1);
    write(large, connection);
    assertThat(session.sent).hasSize(2);
    assertThat(session.closed).isEmpty();
  }

  @Test
  void aSendThatNeverCompletesEndsTheConnection() {
    use(SlowClientPolicy.DROP_OLDEST, Duration.ofMillis(200));
    FakeSession dead = new FakeSession(HELD);
    FakeSession healthy = new FakeSession(INLINE);
    SessionConnection toDead = connect(dead);
    SessionConnection toHealthy = connect(healthy);
    write(numbered(0), toDead, toHealthy);
    write(numbered(1), toDead, toHealthy);
    await().until(() -> dead.closed.size() == 1);
    assertThat(dead.closed.get(0).getCloseCode().getCode()).isEqualTo(CloseCode.TOO_SLOW);
    await().until(() -> outcomes.size() == 4);
    dead.complete();
    onLane(toDead, () -> {});
    assertThat(outcomes).hasSize(4);
    assertThat(healthy.closed).isEmpty();
  }

  @Test
  void closingFailsWhatWaits() {
    FakeSession session = new FakeSession(HELD);
    SessionConnection connection = connect(session);
    write(numbered(0), connection);
    write(numbered(1), connection);
    connection.close(CloseCode.DRAIN, "");
    await().until(() -> outcomes.size() == 2);
    assertThat(outcomes).allMatch(outcome -> outcome.startsWith("failed"));
    await().until(() -> session.closed.size() == 1);
  }

  @Test
  void theEndOfTheLanesFailsWhatIsInFlight() {
    FakeSession session = new FakeSession(HELD);
    write(TEN, connect(session));
    lanes.end(Duration.ofSeconds(5));
    assertThat(outcomes).containsExactly("failed 0 " + TEN.text());
  }

  /** Notes what became of one payload's frames. */
  private final class Outcomes implements WriteListener {
    private final Payload payload;

    Outcomes(Payload payload) {
      this.payload = payload;
    }

    @Override
    public void written(Connection connection) {
      note("written", connection);
    }

    @Override
    public void failed(Connection connection) {
      note("failed", connection);
    }

    private String text() {
      return payload.type() == Payload.Type.TEXT ? payload.text() : "bytes";
    }

    private void note(String what, Connection connection) {
      boolean onLane = Thread.currentThread().getName().startsWith("pushwire-lane-");
      outcomes.add(onLane ? what + " " + connection.id().number() + " " + text() : "wrong thread");
    }
  }
}
