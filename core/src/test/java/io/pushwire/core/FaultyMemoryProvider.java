package io.pushwire.core;

import io.pushwire.api.Envelope;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.core.memory.MemoryDriverProvider;
import java.util.Collection;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

/** The memory driver, with faults on the sending side and on the receiving side. */
final class FaultyMemoryProvider implements MessageDriverProvider {
  private final MemoryDriverProvider memory = new MemoryDriverProvider();
  private final Random random = new Random(5);
  private final EnvelopeCodec codec = new EnvelopeCodec();
  final LongAdder published = new LongAdder();
  final LongAdder publishedBytes = new LongAdder();
  volatile double loss;
  volatile boolean cutOff;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Set<Capability> capabilities() {
    return memory.capabilities();
  }

  private boolean lost() {
    return cutOff || random.nextDouble() < loss;
  }

  @Override
  public MessageDriver open(DriverContext context) {
    MessageDriver driver = memory.open(context.delivering(faulty(context.delivery())));
    return new MessageDriver() {
      @Override
      public CompletionStage<Receipt> publish(Envelope envelope) {
        published.increment();
        publishedBytes.add(codec.encode(envelope).length);
        return lost()
            ? CompletableFuture.completedStage(
                Receipt.builder(envelope.id(), Receipt.Status.ACCEPTED).build())
            : driver.publish(envelope);
      }

      @Override
      public CompletionStage<Void> subscribe(Collection<Target> targets) {
        return driver.subscribe(targets);
      }

      @Override
      public CompletionStage<Void> unsubscribe(Collection<Target> targets) {
        return driver.unsubscribe(targets);
      }

      @Override
      public void relink() {}

      @Override
      public void close() {
        driver.close();
      }
    };
  }

  private Delivery faulty(Delivery delivery) {
    return new Delivery() {
      @Override
      public CompletionStage<Outcome> deliver(Envelope envelope, Arrival arrival) {
        return cutOff
            ? CompletableFuture.completedStage(Outcome.NOBODY_HERE)
            : delivery.deliver(envelope, arrival);
      }

      @Override
      public void interrupted(Interruption interruption) {
        delivery.interrupted(interruption);
      }
    };
  }
}
