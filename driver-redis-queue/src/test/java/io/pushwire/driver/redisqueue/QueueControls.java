package io.pushwire.driver.redisqueue;

import io.pushwire.api.Target;
import io.pushwire.testkit.BrokerControls;
import io.pushwire.testkit.RedisServer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** A Redis of which is known where the nodes' own envelopes travel. */
record QueueControls(RedisServer redis) implements BrokerControls {
  @Override
  public Set<Control> supported() {
    return EnumSet.allOf(Control.class);
  }

  @Override
  public void inject(String prefix, Target target, byte[] bytes) {
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
  public void kill() {
    redis.kill();
  }

  @Override
  public void start() {
    redis.start();
  }

  @Override
  public void pause() {
    redis.pause();
  }

  @Override
  public void resume() {
    redis.resume();
  }

  @Override
  public void cut() {
    redis.cut();
  }

  @Override
  public void flush() {
    redis.flush();
  }

  @Override
  public boolean durable() {
    return redis.durable();
  }

  @Override
  public Map<String, Long> leftovers(String prefix) {
    return redis.leftovers(prefix);
  }
}
