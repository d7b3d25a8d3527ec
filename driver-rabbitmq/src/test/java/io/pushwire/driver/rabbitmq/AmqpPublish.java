package io.pushwire.driver.rabbitmq;

import io.pushwire.api.Target;
import io.pushwire.testkit.ForeignProducer;
import io.pushwire.testkit.RabbitMqServer;

/** Debian's {@code amqp-publish}, writing to an ingress queue. */
record AmqpPublish(RabbitMqServer server, String queue, Target everyone)
    implements ForeignProducer {
  @Override
  public boolean reaches(Target target) {
    return target.equals(everyone);
  }

  @Override
  public void send(Target target, byte[] bytes) {
    server.publish("", queue, bytes);
  }

  @Override
  public boolean mayNameOthers(Target target) {
    return true;
  }

  @Override
  public void close() {}
}
