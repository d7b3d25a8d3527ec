package io.pushwire.driver.rabbitmq;

import io.pushwire.api.Target;
import io.pushwire.core.MessageDriverProvider;
import io.pushwire.testkit.BrokerControls;
import io.pushwire.testkit.ForeignProducer;
import io.pushwire.testkit.MessageDriverContract;
import io.pushwire.testkit.RabbitMqServer;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;

class RabbitMqContractIT extends MessageDriverContract {
  private final RabbitMqServer server = RabbitMqServer.open();

  @Override
  public MessageDriverProvider provider() {
    return new RabbitMqDriverProvider();
  }

  @Override
  public Map<String, String> settings(String prefix) {
    return Map.of("uri", server.uri(), "prefix", prefix + ".");
  }

  @Override
  public Optional<BrokerControls> broker() {
    return Optional.of(server);
  }

  @Override
  public Optional<ForeignProducer> foreignProducer(String prefix) {
    return Optional.of(new AmqpPublish(server, prefix + ".ws.notice", Target.everyone()));
  }

  @AfterAll
  void stop() {
    server.close();
  }
}
