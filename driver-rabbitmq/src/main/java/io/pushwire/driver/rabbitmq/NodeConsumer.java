package io.pushwire.driver.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import io.pushwire.core.Arrival;
import io.pushwire.core.DriverContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Receives what comes through the queue of this node, and delivers it. */
final class NodeConsumer extends DefaultConsumer {
  /** How much may be under way to this node unacknowledged. */
  static final int PREFETCH = 500;

  private static final Logger log = LoggerFactory.getLogger(NodeConsumer.class);

  private final DriverContext context;
  private final Link link;
  private final Missing missing;
  private final Acks acks;

  NodeConsumer(Channel channel, DriverContext context, Link link, Missing missing, Acks acks) {
    super(channel);
    this.context = context;
    this.link = link;
    this.missing = missing;
    this.acks = acks;
  }

  @Override
  public void handleDelivery(
      String consumerTag, Envelope delivery, BasicProperties properties, byte[] body) {
    // what a lost link left here comes again through the next one
    if (!link.isUp()) {
      return;
    }
    noteMissing(delivery, properties);
    acks.arrived(delivery.getDeliveryTag(), context.receive(body, Arrival.LIVE));
  }

  private void noteMissing(Envelope delivery, BasicProperties properties) {
    String origin = properties.getAppId();
    String number = properties.getCorrelationId();
    if (origin == null || number == null) {
      return;
    }
    try {
      missing.arrived(
          new Route(delivery.getExchange(), delivery.getRoutingKey()),
          origin,
          Long.parseLong(number, PublisherSession.RADIX));
    } catch (NumberFormatException e) {
      log.debug("A message that no node sent: its correlation id is no number");
    }
  }

  /** The queue was deleted under us. */
  @Override
  public void handleCancel(String consumerTag) {
    link.lost("the queue of this node was deleted");
  }
}
