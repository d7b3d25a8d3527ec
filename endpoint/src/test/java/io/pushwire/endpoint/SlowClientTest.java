package io.pushwire.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.core.Counters;
import io.pushwire.core.InMemoryCounters;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A client that does not read hurts nobody but itself. */
class SlowClientTest {
  private static final int LIMIT = 256 * 1024;
  private static final String FILLING = "x".repeat(20_000);
  private static final List<Payload> MANY =
      IntStream.range(0, 200).mapToObj(i -> Payload.text(i + " " + FILLING)).toList();

  private final Recorder recorder = new Recorder();
  private final InMemoryCounters counters = new InMemoryCounters();

  private App start(Consumer<PushwireEndpoints.Builder> options) {
    // one lane, so that slow and healthy share it
    return App.start(
        node -> recorder,
        builder -> options.accept(builder.lanes(1).outboxLimit(LIMIT).counters(counters)));
  }

  /** Sends no faster than the healthy client reads. */
  private void sendAll(App app, Client healthy) {
    await().until(() -> recorder.open.size() == 2);
    for (int i = 0; i < MANY.size(); i++) {
      app.node.sender().send(Target.everyone(), MANY.get(i));
      healthy.awaitReceived(i - 5);
    }
    healthy.awaitReceived(MANY.size());
  }

  @Test
  void isClosed() throws IOException {
    try (App app = start(options -> {});
        LazyClient slow = new LazyClient(app.port(), "user=slow");
        Client healthy = Client.open(app.url("user=healthy"))) {
      sendAll(app, healthy);
      assertThat(healthy.received).isEqualTo(MANY);
      await().until(() -> recorder.calls.contains("closed 4408 too slow"));
      assertThat(recorder.calls).hasSize(3);
      assertThat(app.node.registry().isOnline("slow")).isFalse();
      assertThat(counters.droppedCount(Counters.Reason.SLOW_CLIENT)).isEqualTo(1);
      assertThat(slow.next()).isEqualTo(MANY.get(0).text());
    }
  }

  @Test
  void losesTheOldestWholeFrames() throws IOException {
    try (App app = start(options -> options.slowClient(SlowClientPolicy.DROP_OLDEST));
        LazyClient slow = new LazyClient(app.port(), "user=slow");
        Client healthy = Client.open(app.url("user=healthy"))) {
      sendAll(app, healthy);
      assertThat(healthy.received).isEqualTo(MANY);
      int count = 0;
      int before = -1;
      while (before < MANY.size() - 1) {
        String message = slow.next();
        int number = Integer.parseInt(message.substring(0, message.indexOf(' ')));
        assertThat(message).isEqualTo(MANY.get(number).text());
        assertThat(number).isGreaterThan(before);
        before = number;
        count++;
      }
      assertThat(count).isBetween(LIMIT / FILLING.length(), MANY.size() / 2);
      assertThat(counters.droppedCount(Counters.Reason.SLOW_CLIENT)).isEqualTo(MANY.size() - count);
      app.node.sender().send(Target.user("slow"), Payload.text("still there"));
      assertThat(slow.next()).isEqualTo("still there");
    }
  }

  @Test
  void isClosedWhenOneFrameTakesTooLong() throws IOException {
    try (App app = start(options -> options.sendTimeout(Duration.ofMillis(300)));
        LazyClient slow = new LazyClient(app.port(), "user=slow");
        Client healthy = Client.open(app.url("user=healthy"))) {
      await().until(() -> recorder.open.size() == 2);
      Payload large = Payload.text("x".repeat(250_000));
      app.node.sender().send(Target.everyone(), large);
      healthy.awaitReceived(1);
      await().until(() -> recorder.calls.contains("closed 4408 too slow"));
      app.node.sender().send(Target.everyone(), Payload.text("next"));
      healthy.awaitReceived(2);
      assertThat(slow.toString()).isNotEmpty();
    }
  }
}
