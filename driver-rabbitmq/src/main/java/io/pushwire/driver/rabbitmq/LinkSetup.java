package io.pushwire.driver.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.PushwireException;
import java.io.IOException;

/** Puts on a new link what a node needs there, from the exchanges to the consumers. */
final class LinkSetup {
  private final NodeInfo self;
  private final RabbitMqConfig config;
  private final Names names;
  private final Topology topology;
  private final Publisher publisher;
  private final Bindings bindings;
  private final Gaps gaps;
  private final Consumers consumers;

  /**
   * What came of it.
   *
   * @param kept whether the node's queue was still there
   * @param announce tells those who wait to be bound
   */
  record Result(boolean kept, Runnable announce) {}

  LinkSetup(
      NodeInfo self,
      RabbitMqConfig config,
      Names names,
      Publisher publisher,
      Bindings bindings,
      Gaps gaps,
      Consumers consumers) {
    this.self = self;
    this.config = config;
    this.names = names;
    this.topology = new Topology(names, config.queueLimit());
    this.publisher = publisher;
    this.bindings = bindings;
    this.gaps = gaps;
    this.consumers = consumers;
  }

  /**
   * Blocks.
   *
   * @throws PushwireException if the broker does not allow it; the link is cut then
   */
  Result furnish(Link link) {
    try {
      return tryFurnish(link);
    } catch (IOException | AlreadyClosedException e) {
      link.sever();
      throw new PushwireException(
          "RabbitMQ at "
              + config.uri()
              + " does not let this node set up its exchanges, bindings and queues below '"
              + config.prefix()
              + "': "
              + e.getMessage()
              + (e.getCause() == null ? "" : " (" + e.getCause().getMessage() + ")"),
          e);
    } catch (RuntimeException e) {
      link.sever();
      throw e;
    }
  }

  private Result tryFurnish(Link link) throws IOException {
    topology.ensureExchanges(link.consuming());
    boolean kept = topology.ensureNodeQueue(link.consuming());
    if (!kept) {
      gaps.reset();
    }
    Runnable bound = bindings.sync(link);
    PublisherSession session = new PublisherSession(link, self.toString(), config.persistent());
    Channel channel = link.channel();
    channel.basicQos(NodeConsumer.PREFETCH);
    channel.basicConsume(names.nodeQueue, consumers.node(channel, link));
    // who is told that he is bound may publish at once, and so does what is read from a queue
    publisher.up(session);
    consumers.startIngress(link);
    return new Result(kept, bound);
  }
}
