package io.pushwire.testkit;

import io.pushwire.api.Envelope;
import io.pushwire.core.Arrival;
import io.pushwire.core.Capability;
import io.pushwire.core.Delivery;
import io.pushwire.core.DriverContext;
import io.pushwire.core.Interruption;
import io.pushwire.core.MessageDriver;
import io.pushwire.core.MessageDriverProvider;
import io.pushwire.core.Outcome;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;

/** A provider whose drivers deliver to a node that takes its time for each envelope. */
record SlowProvider(MessageDriverProvider provider, Duration each)
    implements MessageDriverProvider {
  @Override
  public String name() {
    return provider.name();
  }

  @Override
  public Set<Capability> capabilities() {
    return provider.capabilities();
  }

  @Override
  public MessageDriver open(DriverContext context) {
    return provider.open(context.delivering(new SlowDelivery(context.delivery(), each)));
  }

  private record SlowDelivery(Delivery delivery, Duration each) implements Delivery {
    @Override
    public CompletionStage<Outcome> deliver(Envelope envelope, Arrival arrival) {
      LockSupport.parkNanos(each.toNanos());
      return delivery.deliver(envelope, arrival);
    }

    @Override
    public void interrupted(Interruption gap) {
      delivery.interrupted(gap);
    }
  }
}
