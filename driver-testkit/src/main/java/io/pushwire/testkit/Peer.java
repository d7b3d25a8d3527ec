package io.pushwire.testkit;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.Envelope;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Payload;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.api.WhenOffline;
import io.pushwire.core.DriverContext;
import io.pushwire.core.EnvelopeCodec;
import io.pushwire.core.ForeignParser;
import io.pushwire.core.Ids;
import io.pushwire.core.InMemoryCounters;
import io.pushwire.core.MessageDriver;
import io.pushwire.core.MessageDriverProvider;
import io.pushwire.core.NodeConfig;
import io.pushwire.core.Settings;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A driver without a node around it: opened, and with a delivery that remembers what comes.
 *
 * @since 0.1
 */
public final class Peer implements AutoCloseable {
  private final NodeInfo self;
  private final RecordingDelivery delivery = new RecordingDelivery();
  private final InMemoryCounters counters = new InMemoryCounters();
  private final MessageDriver driver;

  /**
   * Opens a driver.
   *
   * @param provider makes it
   * @param self the node that it serves
   * @param settings what stands below {@code driver.<name>.}
   */
  public Peer(MessageDriverProvider provider, NodeInfo self, Settings settings) {
    this.self = self;
    this.driver = provider.open(new Context(self, settings, delivery, counters));
  }

  /**
   * @return the node that the driver serves
   */
  public NodeInfo self() {
    return self;
  }

  /**
   * @return the driver
   */
  public MessageDriver driver() {
    return driver;
  }

  /**
   * @return what came
   */
  public RecordingDelivery delivery() {
    return delivery;
  }

  /**
   * @return what the driver counted
   */
  public InMemoryCounters counters() {
    return counters;
  }

  /**
   * @param number any number
   * @return the target of a connection that this node might hold
   */
  public Target connection(long number) {
    return Target.connection(new ConnectionId(self.id(), self.incarnation(), number));
  }

  /**
   * @param target whom it is for
   * @param payload what it carries
   * @return an envelope as core would make it; users' messages are dropped if nobody is there
   */
  public Envelope.Builder envelope(Target target, Payload payload) {
    return Envelope.builder(target, payload)
        .id(Ids.next())
        .sentAt(Instant.now())
        .origin(self.id())
        .whenOffline(target instanceof Target.User ? WhenOffline.DROP : null);
  }

  /**
   * Publishes without waiting.
   *
   * @param envelope what
   * @return as the driver's; fails also where the driver throws
   */
  public CompletionStage<Receipt> publish(Envelope envelope) {
    try {
      return driver.publish(envelope);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /**
   * Publishes, and waits until the broker took it.
   *
   * @param target whom it is for
   * @param text what it carries
   * @return what the broker said
   */
  public Receipt send(Target target, String text) {
    Envelope envelope = envelope(target, Payload.text(text)).build();
    return Wait.done(publish(envelope), "publish to " + target);
  }

  /**
   * Subscribes, and waits until it has taken effect.
   *
   * @param targets what
   */
  public void subscribe(Target... targets) {
    Wait.done(driver.subscribe(List.of(targets)), "subscribe");
  }

  /**
   * Unsubscribes, and waits until it has taken effect.
   *
   * @param targets what
   */
  public void unsubscribe(Target... targets) {
    Wait.done(driver.unsubscribe(List.of(targets)), "unsubscribe");
  }

  /**
   * Waits until so much has been delivered to a target.
   *
   * @param target the target
   * @param count how much
   * @return all that was delivered to it, in order
   */
  public List<Envelope> await(Target target, int count) {
    Wait.until(
        () -> delivery.count(target) >= count,
        () -> self + " got " + delivery.count(target) + " of " + count + " to " + target);
    return delivery.received(target);
  }

  /** Closes the driver; whatever is delivered afterwards is a mistake. */
  @Override
  public void close() {
    driver.close();
    delivery.closed();
  }

  private record Context(
      NodeInfo self,
      Settings settings,
      RecordingDelivery delivery,
      InMemoryCounters counters,
      EnvelopeCodec codec,
      ForeignParser foreignParser,
      int maxPayloadSize)
      implements DriverContext {
    Context(
        NodeInfo self, Settings settings, RecordingDelivery delivery, InMemoryCounters counters) {
      this(
          self,
          settings,
          delivery,
          counters,
          new EnvelopeCodec(),
          new ForeignParser(Clock.systemUTC()),
          NodeConfig.DEFAULT_MAX_PAYLOAD_SIZE);
    }
  }
}
