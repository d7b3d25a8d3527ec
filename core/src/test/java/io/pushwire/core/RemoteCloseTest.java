package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.PublishException;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RemoteCloseTest {
  private static final NodeInfo SELF = NodeInfo.of(new NodeId("a"), 1);
  private static final ConnectionId ELSEWHERE = new ConnectionId(new NodeId("b"), 7, 3);

  private final List<Control> said = new ArrayList<>();

  @Test
  void aConnectionOfAnotherNodeIsClosedAndSaidToBe() {
    try (PushwireNode a = node("remote-close");
        PushwireNode b = node("remote-close")) {
      Awaitility.await().until(() -> a.registry().nodes().size() == 2);
      Closable connection = new Closable(b.registry().newId());
      b.registry().bind(connection).toCompletableFuture().join();

      assertThat(close(a, connection.id())).isTrue();
      assertThat(connection.closes).containsExactly("4409 by an operator");
      b.registry().unbind(connection);
      assertThat(close(a, connection.id())).as("it has gone").isFalse();
      assertThat(close(b, connection.id())).as("nor is it here").isFalse();
    }
  }

  @Test
  void nobodyIsAskedForAConnectionOfANodeThatIsNotThere() {
    try (PushwireNode a = node("remote-close-alone")) {
      Awaitility.await().until(() -> !a.registry().isStale());
      NodeInfo self = a.info();
      assertThat(close(a, ELSEWHERE)).isFalse();
      assertThat(close(a, new ConnectionId(self.id(), self.incarnation() - 1, 1))).isFalse();
    }
  }

  @Test
  void aNodeThatDoesNotAnswerIsAFailure() {
    RemoteClose closes = new RemoteClose(SELF, this::taken);
    CompletableFuture<Boolean> answer = closes.close(ELSEWHERE, 4409, "").toCompletableFuture();

    assertThatThrownBy(answer::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(PublishException.class)
        .hasMessageContaining("Node b did not answer within 2 s");
  }

  @Test
  void aBrokerThatDoesNotTakeTheQuestionIsAFailure() {
    PublishException down = new PublishException("The link is down");
    RemoteClose closes =
        new RemoteClose(SELF, (target, message) -> CompletableFuture.failedStage(down));

    assertThat(closes.close(ELSEWHERE, 4409, "").toCompletableFuture())
        .failsWithin(Duration.ofSeconds(1))
        .withThrowableThat()
        .withCause(down);
  }

  @Test
  void onlyTheAnswerToTheQuestionCounts() {
    RemoteClose closes = new RemoteClose(SELF, this::taken);
    CompletableFuture<Boolean> answer = closes.close(ELSEWHERE, 4409, "").toCompletableFuture();
    long request = ((Control.Close) said.get(0)).request();

    closes.received(new Control.Closed(7, request + 1, true));
    assertThat(answer).isNotDone();
    closes.received(new Control.Closed(7, request, true));
    closes.received(new Control.Closed(7, request, false));
    assertThat(answer).isCompletedWithValue(true);
  }

  @Test
  void anAnswerToAnEarlierStartOfThisNodeDoesNotCount() {
    new RemoteClose(SELF, this::taken).close(ELSEWHERE, 4409, "");
    RemoteClose restarted =
        new RemoteClose(NodeInfo.of(SELF.id(), SELF.incarnation() + 1_000_000), this::taken);
    CompletableFuture<Boolean> answer = restarted.close(ELSEWHERE, 4409, "").toCompletableFuture();

    restarted.received(new Control.Closed(7, ((Control.Close) said.get(0)).request(), false));
    assertThat(answer).isNotDone();
    restarted.received(new Control.Closed(7, ((Control.Close) said.get(1)).request(), true));
    assertThat(answer).isCompletedWithValue(true);
  }

  @Test
  void theQuestionsUnderWayAreBounded() {
    RemoteClose closes = new RemoteClose(SELF, this::taken);
    for (int i = 0; i < RemoteClose.MAX_WAITING; i++) {
      closes.close(ELSEWHERE, 4409, "");
    }
    assertThat(closes.close(ELSEWHERE, 4409, "").toCompletableFuture()).isCompletedExceptionally();
    assertThat(said).hasSize(RemoteClose.MAX_WAITING);
  }

  private CompletionStage<Receipt> taken(Target target, Control message) {
    said.add(message);
    return CompletableFuture.completedStage(
        Receipt.builder(Ids.next(), Receipt.Status.ACCEPTED).build());
  }

  private static boolean close(PushwireNode node, ConnectionId id) {
    return node.registry().close(id, 4409, "by an operator").toCompletableFuture().join();
  }

  private static PushwireNode node(String prefix) {
    return PushwireNode.builder()
        .settings(Settings.of(Map.of("driver", "memory", "driver.memory.prefix", prefix)))
        .open();
  }

  /** A connection that remembers how it was closed. */
  private record Closable(ConnectionId id, List<String> closes) implements Connection {
    private static final Lane LANE = new ManualLane();

    Closable(ConnectionId id) {
      this(id, new CopyOnWriteArrayList<>());
    }

    @Override
    public Optional<String> user() {
      return Optional.empty();
    }

    @Override
    public Lane lane() {
      return LANE;
    }

    @Override
    public void close(int code, String reason) {
      closes.add(code + " " + reason);
    }
  }
}
