package io.pushwire.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.ConfigurationException;
import io.pushwire.api.Envelope;
import io.pushwire.api.NodeId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Payload;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.core.Arrival;
import io.pushwire.core.Counters;
import io.pushwire.core.Delivery;
import io.pushwire.core.DriverContext;
import io.pushwire.core.EnvelopeCodec;
import io.pushwire.core.ForeignParser;
import io.pushwire.core.Ids;
import io.pushwire.core.InMemoryCounters;
import io.pushwire.core.Interruption;
import io.pushwire.core.MessageDriver;
import io.pushwire.core.Outcome;
import io.pushwire.core.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What the contract test, which it passes in the testkit, does not ask. */
class MemoryDriverTest {
  private static final Target USER = Target.user("42");

  private final InMemoryCounters counters = new InMemoryCounters();
  private final List<Envelope> delivered = new CopyOnWriteArrayList<>();
  private final List<Interruption> interruptions = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> goOn = new CompletableFuture<>();

  @Test
  void reportsAFullInboxOnceItIsEmptyAgain() {
    try (MessageDriver driver = open("full")) {
      driver.subscribe(List.of(USER));
      int megabytes = (int) (MemoryDriver.INBOX_BYTES >> 20);
      for (int i = 0; i < megabytes + 20; i++) {
        driver.publish(envelope(1 << 20));
      }
      Instant full = Instant.now();
      assertThat(counters.droppedCount(Counters.Reason.OVERFLOW)).isBetween(15L, 21L);
      assertThat(interruptions).isEmpty();
      goOn.complete(null);
      await().until(() -> !interruptions.isEmpty());
      assertThat(interruptions.size()).isBetween(1, 3); // one, unless that took seconds
      assertThat(interruptions.get(0).since()).isBefore(full);
      assertThat(interruptions.get(0).duration()).isPositive();
    }
  }

  @Test
  void takesTheLargestPayloadThereMayBe() {
    goOn.complete(null);
    try (MessageDriver driver = open("large")) {
      driver.subscribe(List.of(USER));
      driver.publish(envelope((int) MemoryDriver.INBOX_BYTES));
      await().atMost(Duration.ofSeconds(20)).until(() -> delivered.size() == 1);
      assertThat(counters.droppedCount(Counters.Reason.OVERFLOW)).isZero();
    }
  }

  @Test
  void tellsHowManyNodesTookAMessage() {
    goOn.complete(null);
    try (MessageDriver a = open("counts");
        MessageDriver b = open("counts")) {
      assertThat(a.publish(envelope(1)).toCompletableFuture().join().status())
          .isEqualTo(Receipt.Status.NOBODY);
      a.subscribe(List.of(USER));
      b.subscribe(List.of(USER));
      Receipt receipt = a.publish(envelope(1)).toCompletableFuture().join();
      assertThat(receipt.status()).isEqualTo(Receipt.Status.ACCEPTED);
      assertThat(receipt.receivers()).hasValue(2);
    }
  }

  @Test
  void refusesUnknownSettings() {
    assertThatThrownBy(() -> new MemoryDriverProvider().open(context(Map.of("uri", "x"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("uri: unknown");
  }

  private MessageDriver open(String prefix) {
    return new MemoryDriverProvider().open(context(Map.of("prefix", prefix)));
  }

  private static Envelope envelope(int bytes) {
    return Envelope.builder(USER, Payload.wrap(Payload.Type.BINARY, new byte[bytes], 0, bytes))
        .id(Ids.next())
        .sentAt(Instant.now())
        .build();
  }

  private DriverContext context(Map<String, String> settings) {
    Delivery delivery =
        new Delivery() {
          @Override
          public CompletionStage<Outcome> deliver(Envelope envelope, Arrival arrival) {
            goOn.join();
            delivered.add(envelope);
            return CompletableFuture.completedStage(Outcome.DELIVERED);
          }

          @Override
          public void interrupted(Interruption interruption) {
            interruptions.add(interruption);
          }
        };
    return new Context(
        NodeInfo.of(new NodeId("n1"), 1),
        Settings.of(settings),
        delivery,
        counters,
        new EnvelopeCodec(),
        new ForeignParser(Clock.systemUTC()),
        1024);
  }

  private record Context(
      NodeInfo self,
      Settings settings,
      Delivery delivery,
      Counters counters,
      EnvelopeCodec codec,
      ForeignParser foreignParser,
      int maxPayloadSize)
      implements DriverContext {}
}
