package io.pushwire.driver.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.pushwire.api.PublishException;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.core.Counters;
import io.pushwire.core.DriverContext;
import io.pushwire.core.ForbiddenException;
import io.pushwire.core.Ids;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Receives from one queue of foreign programs, through one channel. */
final class IngressConsumer extends DefaultConsumer {
  /** Where goes what cannot be read: the queue's name with this behind it. */
  static final String DEAD = ".dead";

  private static final Logger log = LoggerFactory.getLogger(IngressConsumer.class);

  private final String queue;
  private final Target otherwise;
  private final DriverContext context;
  private final Names names;
  private final Publisher publisher;
  private final Link link;
  private final Acks acks;
  private final Executor linkThread;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private Runnable whenStopped = () -> {};

  IngressConsumer(
      Channel channel,
      String queue,
      Target otherwise,
      DriverContext context,
      Names names,
      Publisher publisher,
      Link link,
      Acks acks,
      Executor linkThread) {
    super(channel);
    this.queue = queue;
    this.otherwise = otherwise;
    this.context = context;
    this.names = names;
    this.publisher = publisher;
    this.link = link;
    this.acks = acks;
    this.linkThread = linkThread;
  }

  void whenStopped(Runnable call) {
    whenStopped = call;
  }

  @Override
  public void handleDelivery(
      String consumerTag, Envelope delivery, BasicProperties properties, byte[] body) {
    if (stopped.get() || !link.isUp()) {
      return;
    }
    CompletableFuture<?> sent;
    try {
      sent =
          CompletableFuture.allOf(
              IngressMessage.read(body, properties, queue, otherwise, context).stream()
                  .map(this::sendOn)
                  .toArray(CompletableFuture<?>[]::new));
    } catch (ForbiddenException e) {
      sent = bury(body, properties, Counters.Reason.FORBIDDEN, e);
    } catch (RuntimeException e) {
      // whatever it is, it would be the same the next time
      sent = bury(body, properties, Counters.Reason.MALFORMED, e);
    }
    acks.arrived(delivery.getDeliveryTag(), sent);
    sent.whenComplete(
        (done, e) -> {
          if (e != null) {
            stop(e);
          }
        });
  }

  private CompletableFuture<Receipt> sendOn(io.pushwire.api.Envelope envelope) {
    return publisher.publish(
        envelope.id(), names.route(envelope.target()), context.codec().encode(envelope), null);
  }

  private CompletableFuture<?> bury(
      byte[] body, BasicProperties properties, Counters.Reason reason, RuntimeException why) {
    log.warn("A message of {} goes to {}{}: {}", queue, queue, DEAD, why.getMessage());
    context.counters().dropped(reason, 1);
    DeadLetter letter = new DeadLetter(body, properties, String.valueOf(why.getMessage()));
    Route dead = new Route("", queue + DEAD);
    return CompletableFuture.runAsync(this::ensureDeadQueue, linkThread)
        .thenCompose(there -> publisher.publish(Ids.next(), dead, letter.body, letter.properties))
        .thenRun(() -> context.counters().dead());
  }

  /**
   * On the link's thread. Looks each time, since who has seen to the dead may delete their queue.
   */
  private void ensureDeadQueue() {
    try {
      Topology.ensureDeadQueue(link.consuming(), queue + DEAD);
    } catch (IOException | AlreadyClosedException e) {
      throw new PublishException("RabbitMQ has no queue " + queue + DEAD, e);
    }
  }

  /** Something could not be sent on: puts back what is not acknowledged, and begins anew later. */
  private void stop(Throwable why) {
    if (stopped.compareAndSet(false, true)) {
      Throwable cause = why instanceof CompletionException ? why.getCause() : why;
      log.info("{} rests, what it has waits there: {}", queue, String.valueOf(cause));
      acks.flushAllSoon();
      whenStopped.run();
    }
  }

  /** The queue was deleted. */
  @Override
  public void handleCancel(String consumerTag) {
    stop(new PublishException("The queue " + queue + " was deleted"));
  }

  @Override
  public void handleShutdownSignal(String consumerTag, ShutdownSignalException signal) {
    if (link.isUp()) {
      stop(signal);
    }
  }
}
