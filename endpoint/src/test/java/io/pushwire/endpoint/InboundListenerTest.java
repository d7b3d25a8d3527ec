package io.pushwire.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import io.pushwire.api.BatchReceipt;
import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeId;
import io.pushwire.api.Payload;
import io.pushwire.api.PublishException;
import io.pushwire.api.Receipt;
import io.pushwire.api.SendOptions;
import io.pushwire.api.Target;
import io.pushwire.core.Connection;
import io.pushwire.core.ConnectionRegistry;
import io.pushwire.core.Counters;
import io.pushwire.core.Sender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rate, on a clock that the test turns. */
class InboundListenerTest {
  /** Of a session that is bound nowhere. */
  private static final ConnectionRegistry REGISTRY =
      FakeSession.proxy(ConnectionRegistry.class, (proxy, method, arguments) -> null);

  private static final Payload HELLO = Payload.text("hello");

  private final AtomicLong nanos = new AtomicLong();
  private final List<Target> sent = new ArrayList<>();
  private final FakeSession session = new FakeSession(FakeSession.Behaviour.INLINE);
  private final SessionLanes lanes =
      new SessionLanes(REGISTRY, 1, 100, SlowClientPolicy.CLOSE, Duration.ZERO, Counters.NONE);
  private final Connection connection =
      lanes.connect(session.session, new ConnectionId(new NodeId("n"), 1, 1), Optional.empty());
  private final InboundListener listener =
      new InboundListener(
          new BrokenSender(), 10, c -> Optional.of(Target.everyone()), new TestClock());

  @AfterEach
  void end() {
    endLanes();
  }

  private void endLanes() {
    lanes.closeConnections(Duration.ofSeconds(5));
    lanes.end(Duration.ofSeconds(5));
  }

  @Test
  void theRateComesBackWithTime() {
    say(10);
    nanos.addAndGet(Duration.ofMillis(500).toNanos());
    say(5);
    assertThat(sent).hasSize(15);
    say(1);
    assertThat(sent).hasSize(15);
    endLanes();
    assertThat(session.closed.get(0).getCloseCode().getCode())
        .isEqualTo(CloseCode.TOO_MANY_MESSAGES);
  }

  @Test
  void aBrokerThatIsAwayClosesNobody() {
    for (int second = 0; second < 100; second++) {
      say(10);
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    }
    assertThat(sent).hasSize(1_000);
    endLanes();
    assertThat(session.closed.get(0).getCloseCode().getCode()).isEqualTo(CloseCode.NODE_GONE);
  }

  private void say(int count) {
    for (int i = 0; i < count; i++) {
      listener.message(connection, HELLO);
    }
  }

  /** What a driver without its broker does. */
  private final class BrokenSender implements Sender {
    @Override
    public CompletionStage<Receipt> send(Target target, Payload payload, SendOptions options) {
      sent.add(target);
      return CompletableFuture.failedStage(new PublishException("The link is down"));
    }

    @Override
    public CompletionStage<BatchReceipt> send(
        Collection<Target> targets, Payload payload, SendOptions options) {
      throw new UnsupportedOperationException();
    }
  }

  private final class TestClock implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return nanos.get();
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
