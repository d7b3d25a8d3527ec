package io.pushwire.driver.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.pushwire.api.Target;
import io.pushwire.core.DriverContext;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A queue that foreign programs write to. All nodes read it, each message goes to one of them, is
 * sent on like a message of our own, and acknowledged when the broker has confirmed that.
 *
 * <p>The oldest node has priority, and the others get what it cannot take: so messages keep their
 * order while one node is enough.
 */
final class IngressQueue {
  private static final int PREFETCH = 250;
  private static final long PAUSE_MILLIS = 1000;
  private static final Logger log = LoggerFactory.getLogger(IngressQueue.class);

  private final String queue;
  private final Target otherwise;
  private final DriverContext context;
  private final Names names;
  private final Publisher publisher;
  private final Executor consumer;
  private final ScheduledExecutorService timer;
  private final Executor linkThread;
  private boolean complained;

  /**
   * @param otherwise whom messages are for that do not say so
   * @param consumer the thread of the consumers
   * @param linkThread where calls to the broker may block
   */
  IngressQueue(
      String queue,
      Target otherwise,
      DriverContext context,
      Names names,
      Publisher publisher,
      Executor consumer,
      ScheduledExecutorService timer,
      Executor linkThread) {
    this.queue = queue;
    this.otherwise = otherwise;
    this.context = context;
    this.names = names;
    this.publisher = publisher;
    this.consumer = consumer;
    this.timer = timer;
    this.linkThread = linkThread;
  }

  /** Begins to read. On the link's thread, or while it does not run. */
  void open(Link link) throws IOException {
    Connection connection = link.consuming();
    Topology.ensureIngressQueue(connection, queue);
    Channel channel = connection.createChannel();
    channel.basicQos(PREFETCH);
    Acks acks = new Acks(channel, consumer, timer);
    IngressConsumer reader =
        new IngressConsumer(
            channel, queue, otherwise, context, names, publisher, link, acks, linkThread);
    reader.whenStopped(() -> stopped(link, channel));
    channel.basicConsume(queue, false, "", false, false, Map.of("x-priority", priority()), reader);
    if (complained) {
      log.info("Messages are taken from {} again", queue);
      complained = false;
    }
  }

  /** The older the greater, in milliseconds; begins anew each 25 days, which does little harm. */
  private int priority() {
    return Integer.MAX_VALUE - (int) ((context.self().incarnation() >> 10) & Integer.MAX_VALUE);
  }

  /** What was not acknowledged goes back into the queue, in its order, when the channel closes. */
  private void stopped(Link link, Channel channel) {
    linkThread.execute(
        () -> {
          try {
            channel.abort();
          } catch (IOException | AlreadyClosedException e) {
            log.debug("The channel of {} is closed already", queue);
          }
        });
    again(link);
  }

  private void again(Link link) {
    timer.schedule(
        () -> linkThread.execute(() -> reopen(link)), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void reopen(Link link) {
    if (!link.isUp()) {
      return; // the next link opens its own
    }
    if (!publisher.isReady()) {
      again(link);
      return;
    }
    openOrAgain(link);
  }

  /** As {@link #open}; what fails is tried again later. */
  void openOrAgain(Link link) {
    try {
      open(link);
    } catch (IOException | AlreadyClosedException e) {
      if (!complained) {
        log.warn("No messages can be taken from {}; trying on", queue, e);
        complained = true;
      }
      again(link);
    }
  }
}
