package io.pushwire.endpoint;

import io.pushwire.api.Target;
import io.pushwire.core.ConnectionRegistry;
import io.pushwire.core.Sender;
import java.util.Optional;
import java.util.Set;

/**
 * Ready-made answers to what clients say. It is sent like everything else, so clients hear it
 * through the broker, each client the same order, the one who said it too. Text stays text and
 * binary stays binary.
 *
 * <p>A client that says more than the rate allows is closed with {@link
 * CloseCode#TOO_MANY_MESSAGES}, one that says something larger than the node sends with {@link
 * CloseCode#TOO_BIG}. What the broker does not take is lost and logged; the client stays connected.
 *
 * @since 0.1
 */
public final class Inbound {
  private static final ConnectionListener IGNORE = new ConnectionListener() {};

  private Inbound() {}

  /**
   * @return a listener that does nothing, always the same one
   */
  public static ConnectionListener ignore() {
    return IGNORE;
  }

  /**
   * @param sender sends what clients say
   * @param ratePerSecond how many messages a client may say per second, and at once
   * @return a listener that tells everyone what a client says
   * @throws IllegalArgumentException if the rate is not positive
   */
  public static ConnectionListener everyone(Sender sender, int ratePerSecond) {
    return new InboundListener(sender, ratePerSecond, connection -> Optional.of(Target.everyone()));
  }

  /**
   * @param sender sends what clients say
   * @param registry knows which topics a connection joined
   * @param ratePerSecond how many messages a client may say per second, and at once
   * @return a listener that tells a topic what one of its members says; a client that has not
   *     joined exactly one topic is closed with {@link CloseCode#POLICY} when it says something
   * @throws IllegalArgumentException if the rate is not positive
   */
  public static ConnectionListener topic(
      Sender sender, ConnectionRegistry registry, int ratePerSecond) {
    return new InboundListener(
        sender,
        ratePerSecond,
        connection -> {
          Set<String> topics = registry.topics(connection);
          return topics.size() == 1
              ? Optional.of(Target.topic(topics.iterator().next()))
              : Optional.empty();
        });
  }
}
