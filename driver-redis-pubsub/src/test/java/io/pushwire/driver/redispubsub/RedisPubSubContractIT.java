package io.pushwire.driver.redispubsub;

import io.pushwire.core.MessageDriverProvider;
import io.pushwire.testkit.BrokerControls;
import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.ForeignProducer;
import io.pushwire.testkit.MessageDriverContract;
import io.pushwire.testkit.RedisServer;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;

/** Joins the contract that defines a driver. */
class RedisPubSubContractIT extends MessageDriverContract {
  private final RedisServer redis = Brokers.redis();

  @Override
  public MessageDriverProvider provider() {
    return new RedisPubSubDriverProvider();
  }

  @Override
  public Map<String, String> settings(String prefix) {
    return Map.of("uri", redis.uri(), "prefix", prefix + ":");
  }

  @Override
  public Optional<BrokerControls> broker() {
    return Optional.of(new PubSubControls(redis));
  }

  @Override
  public Optional<ForeignProducer> foreignProducer(String prefix) {
    return Optional.of(new PhpProducer(redis.port(), prefix + ":"));
  }

  @AfterAll
  void stop() {
    redis.close();
  }
}
