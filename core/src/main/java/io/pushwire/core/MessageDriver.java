package io.pushwire.core;

import io.pushwire.api.ClosedException;
import io.pushwire.api.Envelope;
import io.pushwire.api.PublishException;
import io.pushwire.api.Receipt;
import io.pushwire.api.RefusedException;
import io.pushwire.api.Target;
import java.util.Collection;
import java.util.concurrent.CompletionStage;

/**
 * Carries envelopes between nodes over one broker. This is all that a driver must implement; the
 * contract test in {@code pushwire-driver-testkit} is its precise definition.
 *
 * <p>Calls come from any thread and from several at once, and none may block: hand the work to the
 * broker's client and return. What arrives goes to {@link DriverContext#delivery}, serially and in
 * order for one target; a node's own envelopes come back to it like anybody else's.
 *
 * <p>Without any subscription, a driver delivers what is for its own node: envelopes for {@link
 * Target.Node} with its own id, for {@link Target.Nodes}, and for a {@link Target.Connection} that
 * its node holds (node id and incarnation are both the driver's own).
 *
 * <p>When the link to the broker is lost the driver restores it by itself, with back-off and
 * jitter, subscribes again to all that was subscribed, and then reports {@link
 * Delivery#interrupted} if messages may have been missed.
 *
 * @since 0.1
 */
public interface MessageDriver extends AutoCloseable {
  /**
   * Hands an envelope to the broker. Order is kept for one calling thread and target.
   *
   * @param envelope for any kind of target; {@link Envelope#whenOffline} is set if the target is a
   *     user
   * @return completes when the broker took it, normally within 2 seconds; fails with {@link
   *     PublishException} at once while the link is down, when the broker does not answer in time,
   *     or when what waits for it exceeds the driver's bound; fails with {@link ClosedException}
   *     after close
   */
  CompletionStage<Receipt> publish(Envelope envelope);

  /**
   * Makes envelopes for these targets arrive here. Core subscribes each target once, until it
   * unsubscribes it; calls for one target come one after the other and must take effect in that
   * order.
   *
   * @param targets users, topics or everyone
   * @return completes when whatever is published to them from now on, by any node, arrives; stays
   *     pending while the link is down; fails with {@link RefusedException} only if the broker
   *     refuses them
   */
  CompletionStage<Void> subscribe(Collection<Target> targets);

  /**
   * Ends what {@link #subscribe} began. Envelopes may still arrive afterwards; core drops them.
   *
   * @param targets users, topics or everyone, each subscribed before
   * @return completes when this is noted; the broker may be told later, so that a page that is
   *     loaded again costs nothing
   */
  CompletionStage<Void> unsubscribe(Collection<Target> targets);

  /**
   * Drops the link and builds it anew, as if it had been lost. Core calls it when the link looks
   * alive but nothing comes through. Returns at once; does nothing while the link is being rebuilt.
   */
  void relink();

  /**
   * Ends the link. Blocks for 5 seconds at most; when it returns, nothing is delivered any more. A
   * second call does nothing.
   */
  @Override
  void close();
}
