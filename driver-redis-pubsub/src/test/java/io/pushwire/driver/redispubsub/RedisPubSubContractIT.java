package io.pushwire.driver.redispubsub;

import io.pushwire.api.Target;
import io.pushwire.core.MessageDriverProvider;
import io.pushwire.testkit.BrokerControls;
import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.ForeignProducer;
import io.pushwire.testkit.MessageDriverContract;
import io.pushwire.testkit.PhpRedisProducer;
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
    return Map.of("uri", redis.uri(), "prefix", prefix);
  }

  @Override
  public Optional<BrokerControls> broker() {
    return Optional.of(injecting(redis, redis));
  }

  @Override
  public Optional<ForeignProducer> foreignProducer(String prefix) {
    return Optional.of(producer(redis, prefix));
  }

  /**
   * @param broker one server or many
   * @param redis a server of it
   */
  static BrokerControls injecting(BrokerControls broker, RedisServer redis) {
    return broker.injecting(
        (prefix, target, bytes) -> redis.publish(new ChannelNames(prefix).of(target), bytes));
  }

  static PhpRedisProducer producer(RedisServer redis, String prefix) {
    return PhpRedisProducer.publishing(
        redis,
        target ->
            target instanceof Target.Topic topic
                ? Optional.of(prefix + "pub." + topic.name())
                : Optional.empty());
  }

  @AfterAll
  void stop() {
    redis.close();
  }
}
