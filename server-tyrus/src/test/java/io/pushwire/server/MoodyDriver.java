package io.pushwire.server;

import io.pushwire.api.Envelope;
import io.pushwire.api.PublishException;
import io.pushwire.api.PushwireException;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.core.Arrival;
import io.pushwire.core.Capability;
import io.pushwire.core.DriverContext;
import io.pushwire.core.MessageDriver;
import io.pushwire.core.MessageDriverProvider;
import java.util.Collection;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A driver with a broker that keeps every message and delivers none but the nodes' own; it does not
 * take those for users named broken, takes those for the user named later only when told, falls
 * silent after one for the user named hush, and cannot be reached with {@code
 * driver.moody.away=true}.
 */
public final class MoodyDriver implements MessageDriverProvider {
  /** Completes what was published for the user named later. */
  static final Queue<CompletableFuture<Void>> LATER = new ConcurrentLinkedQueue<>();

  @Override
  public String name() {
    return "moody";
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.STORES_FOR_OFFLINE_USERS);
  }

  @Override
  public MessageDriver open(DriverContext context) {
    if (context.settings().reader().flag("away", false)) {
      throw new PushwireException("moody://broker cannot be reached; start it first");
    }
    return new MessageDriver() {
      private volatile boolean silent;

      @Override
      public CompletionStage<Receipt> publish(Envelope envelope) {
        if (envelope.kind() == Envelope.Kind.CONTROL && !silent) {
          context.delivery().deliver(envelope, Arrival.LIVE);
        }
        silent |= envelope.target().equals(Target.user("hush"));
        if (envelope.target() instanceof Target.User user && user.id().startsWith("broken")) {
          return CompletableFuture.failedStage(new PublishException("secret address is away"));
        }
        Receipt receipt =
            Receipt.builder(envelope.id(), Receipt.Status.STORED).receivers(2).waiting(7).build();
        if (envelope.target().equals(Target.user("later"))) {
          CompletableFuture<Void> told = new CompletableFuture<>();
          LATER.add(told);
          return told.thenApply(now -> receipt);
        }
        return CompletableFuture.completedStage(receipt);
      }

      @Override
      public CompletionStage<Void> subscribe(Collection<Target> targets) {
        return new CompletableFuture<>();
      }

      @Override
      public CompletionStage<Void> unsubscribe(Collection<Target> targets) {
        return new CompletableFuture<>();
      }

      @Override
      public void relink() {}

      @Override
      public void close() {}
    };
  }
}
