package io.pushwire.core;

import io.pushwire.api.BatchReceipt;
import io.pushwire.api.ClosedException;
import io.pushwire.api.Envelope;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Payload;
import io.pushwire.api.Receipt;
import io.pushwire.api.SendOptions;
import io.pushwire.api.Target;
import io.pushwire.api.WhenOffline;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes envelopes and gives them to the driver; what is promised is decided here and nowhere else.
 */
final class NodeSender implements Sender {
  private final NodeInfo self;
  private final MessageDriver driver;
  private final Set<Capability> capabilities;
  private final String driverName;
  private final Counters counters;
  private final Clock clock;
  private final int maxPayloadSize;
  private volatile boolean closed;

  NodeSender(
      NodeInfo self,
      MessageDriver driver,
      MessageDriverProvider provider,
      Counters counters,
      Clock clock,
      int maxPayloadSize) {
    this.self = self;
    this.driver = driver;
    this.driverName = provider.name();
    this.capabilities = provider.capabilities();
    this.counters = counters;
    this.clock = clock;
    this.maxPayloadSize = maxPayloadSize;
  }

  @Override
  public CompletionStage<Receipt> send(Target target, Payload payload, SendOptions options) {
    check(payload);
    checkTarget(target, options);
    return publish(target, payload, options, idOf(options));
  }

  @Override
  public CompletionStage<BatchReceipt> send(
      Collection<Target> targets, Payload payload, SendOptions options) {
    check(payload);
    Collection<Target> each = targets instanceof Set ? targets : new LinkedHashSet<>(targets);
    each.forEach(target -> checkTarget(target, options));
    UUID id = idOf(options);
    Function<Target, CompletionStage<Receipt>> publish =
        target -> publish(target, payload, options, id);
    return new Batch(id, each.iterator(), publish).start();
  }

  private CompletionStage<Receipt> publish(
      Target target, Payload payload, SendOptions options, UUID id) {
    WhenOffline whenOffline = target instanceof Target.User ? whenOffline(options) : null;
    Envelope.Builder builder =
        Envelope.builder(target, payload)
            .origin(self.id())
            .sentAt(clock.instant())
            .ttl(options.ttl().orElse(null))
            .whenOffline(whenOffline)
            .except(options.except());
    options.headers().forEach(builder::header);
    Envelope envelope = (options.id().isPresent() ? builder.givenId(id) : builder.id(id)).build();
    try {
      return driver.publish(envelope).thenApply(receipt -> counted(receipt, whenOffline));
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private Receipt counted(Receipt receipt, @Nullable WhenOffline whenOffline) {
    counters.published();
    if (receipt.status() == Receipt.Status.STORED) {
      counters.stored();
    }
    if (whenOffline == null) {
      return receipt;
    }
    Receipt.Builder b = Receipt.builder(receipt.id(), receipt.status()).whenOffline(whenOffline);
    receipt.receivers().ifPresent(b::receivers);
    receipt.waiting().ifPresent(b::waiting);
    return b.build();
  }

  private WhenOffline whenOffline(SendOptions options) {
    return options.whenOffline().orElse(stores() ? WhenOffline.QUEUE : WhenOffline.DROP);
  }

  private boolean stores() {
    return capabilities.contains(Capability.STORES_FOR_OFFLINE_USERS);
  }

  private void check(Payload payload) {
    if (closed) {
      throw new ClosedException("Node " + self.id());
    }
    if (payload.size() > maxPayloadSize) {
      throw new IllegalArgumentException(
          "The payload has "
              + payload.size()
              + " bytes, message.max-size allows "
              + maxPayloadSize);
    }
  }

  private void checkTarget(Target target, SendOptions options) {
    if (target instanceof Target.Node || target instanceof Target.Nodes) {
      throw new IllegalArgumentException("Applications cannot send to nodes, only to connections");
    }
    if (options.whenOffline().orElse(WhenOffline.DROP) == WhenOffline.QUEUE) {
      if (!stores()) {
        throw new IllegalArgumentException(
            "whenOffline=QUEUE: the driver '"
                + driverName
                + "' keeps nothing for users who are offline; leave it out, or choose a driver"
                + " that stores messages");
      }
      if (!(target instanceof Target.User)) {
        throw new IllegalArgumentException(
            "whenOffline=QUEUE is for users; nothing waits for " + target);
      }
    }
  }

  private static UUID idOf(SendOptions options) {
    return options.id().orElseGet(Ids::next);
  }

  void close() {
    closed = true;
  }
}
