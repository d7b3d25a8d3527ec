package io.pushwire.driver.redispubsub;

import io.pushwire.core.MessageDriverProvider;
import io.pushwire.testkit.BrokerControls;
import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.ForeignProducer;
import io.pushwire.testkit.MessageDriverContract;
import io.pushwire.testkit.RedisCluster;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The same contract on a Cluster. */
@EnabledIfSystemProperty(named = "pushwire.long", matches = "true")
class ClusterContractIT extends MessageDriverContract {
  private final RedisCluster cluster = Brokers.redisCluster();

  @Override
  public MessageDriverProvider provider() {
    return new RedisPubSubDriverProvider();
  }

  @Override
  public Map<String, String> settings(String prefix) {
    return Map.of("uri", cluster.uri(), "prefix", prefix);
  }

  @Override
  public Optional<BrokerControls> broker() {
    return Optional.of(RedisPubSubContractIT.injecting(cluster, cluster.nodes().get(0)));
  }

  @Override
  public Optional<ForeignProducer> foreignProducer(String prefix) {
    return Optional.of(RedisPubSubContractIT.producer(cluster.nodes().get(1), prefix));
  }

  @Override
  public String title() {
    return "redis-pubsub on a Cluster";
  }

  @AfterAll
  void stop() {
    cluster.close();
  }
}
