package io.pushwire.driver.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Consumer;
import io.pushwire.core.DriverContext;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** Makes what receives on a link. */
final class Consumers {
  private final DriverContext context;
  private final Missing missing;
  private final List<IngressQueue> ingress;
  private final Executor thread;
  private final ScheduledExecutorService timer;
  private boolean ingressWorked;

  Consumers(
      DriverContext context,
      Missing missing,
      List<IngressQueue> ingress,
      Executor thread,
      ScheduledExecutorService timer) {
    this.context = context;
    this.missing = missing;
    this.ingress = ingress;
    this.thread = thread;
    this.timer = timer;
  }

  Consumer node(Channel channel, Link link) {
    return new NodeConsumer(channel, context, link, missing, new Acks(channel, thread, timer));
  }

  /** What is refused at the start is a mistake in the set-up; later it must not end the link. */
  void startIngress(Link link) throws IOException {
    for (IngressQueue queue : ingress) {
      if (ingressWorked) {
        queue.openOrAgain(link);
      } else {
        queue.open(link);
      }
    }
    ingressWorked = true;
  }
}
