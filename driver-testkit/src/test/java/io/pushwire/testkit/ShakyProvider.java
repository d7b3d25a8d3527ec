package io.pushwire.testkit;

import io.pushwire.api.Envelope;
import io.pushwire.api.PushwireException;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.core.Arrival;
import io.pushwire.core.Capability;
import io.pushwire.core.Delivery;
import io.pushwire.core.DriverContext;
import io.pushwire.core.Interruption;
import io.pushwire.core.MessageDriver;
import io.pushwire.core.MessageDriverProvider;
import io.pushwire.core.Outcome;
import io.pushwire.core.memory.MemoryDriverProvider;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The memory driver behind a {@link ShakyBroker}, so that the kit's own fault cases are tested. */
final class ShakyProvider implements MessageDriverProvider {
  private final ShakyBroker broker;
  private final Set<Capability> claims;

  ShakyProvider(ShakyBroker broker, Set<Capability> claims) {
    this.broker = broker;
    this.claims = claims;
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Set<Capability> capabilities() {
    return claims;
  }

  @Override
  public MessageDriver open(DriverContext context) {
    if (broker.down) {
      throw new PushwireException("The broker is down; start it");
    }
    return new ShakyDriver(context, broker);
  }

  private static final class ShakyDriver implements MessageDriver {
    private final DriverContext context;
    private final ShakyBroker broker;
    private final MessageDriver driver;

    ShakyDriver(DriverContext context, ShakyBroker broker) {
      this.context = context;
      this.broker = broker;
      driver = new MemoryDriverProvider().open(context.delivering(new Shaky(context, broker)));
      broker.drivers.add(context);
    }

    @Override
    public CompletionStage<Receipt> publish(Envelope envelope) {
      return broker.publish(() -> driver.publish(envelope).toCompletableFuture());
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
      broker.left(context);
    }
  }

  private record Shaky(DriverContext context, ShakyBroker broker) implements Delivery {
    private static final CompletionStage<Outcome> LOST =
        CompletableFuture.completedStage(Outcome.NOBODY_HERE);

    @Override
    public CompletionStage<Outcome> deliver(Envelope envelope, Arrival arrival) {
      broker.awaitResume();
      return broker.loses() ? LOST : context.delivery().deliver(envelope, arrival);
    }

    @Override
    public void interrupted(Interruption interruption) {
      context.delivery().interrupted(interruption);
    }
  }
}
