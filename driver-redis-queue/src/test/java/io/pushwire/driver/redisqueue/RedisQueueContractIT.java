package io.pushwire.driver.redisqueue;

import io.pushwire.api.Target;
import io.pushwire.core.MessageDriverProvider;
import io.pushwire.testkit.BrokerControls;
import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.ForeignProducer;
import io.pushwire.testkit.MessageDriverContract;
import io.pushwire.testkit.PhpRedisProducer;
import io.pushwire.testkit.RedisServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;

/** Joins the contract that defines a driver. */
class RedisQueueContractIT extends MessageDriverContract {
  private final RedisServer redis = Brokers.redis();

  @Override
  public MessageDriverProvider provider() {
    return new RedisQueueDriverProvider();
  }

  @Override
  public Map<String, String> settings(String prefix) {
    // the contract sends faster than it reads
    return Map.of("uri", redis.uri(), "prefix", prefix, "max-length", "100000");
  }

  @Override
  public Map<String, String> keeping(int most, Duration time, Duration silence) {
    return Map.of(
        "max-length",
        Integer.toString(most),
        "ttl",
        time.toMillis() + " ms",
        "lease",
        silence.toMillis() + " ms",
        "sweep",
        silence.toMillis() / 5 + " ms");
  }

  @Override
  public int mostUnderWay() {
    return UserList.BATCH;
  }

  @Override
  public Optional<BrokerControls> broker() {
    return Optional.of(redis.injecting(this::inject));
  }

  private void inject(String prefix, Target target, byte[] bytes) {
    Keys keys = new Keys(prefix, Keys.DEFAULT_LISTS);
    if (target instanceof Target.User user) {
      RawRedis.use(redis.uri(), c -> c.lpush(keys.list(user.id()), bytes));
    } else if (target instanceof Target.Topic topic) {
      String place = new String(keys.topic(topic.name()), StandardCharsets.UTF_8);
      for (Object node : (Iterable<?>) redis.command("HKEYS", place)) {
        byte[] inbox = keys.node(String.valueOf(node)).inbox();
        RawRedis.use(redis.uri(), c -> c.rpush(inbox, bytes));
      }
    }
  }

  @Override
  public Optional<ForeignProducer> foreignProducer(String prefix) {
    Keys keys = new Keys(prefix, Keys.DEFAULT_LISTS);
    return Optional.of(
        PhpRedisProducer.pushing(
            redis,
            target ->
                target instanceof Target.User user
                    ? Optional.of(keys.listName(user.id()))
                    : Optional.empty()));
  }

  @AfterAll
  void stop() {
    redis.close();
  }
}
