package io.pushwire.driver.redispubsub;

import io.pushwire.api.Target;
import io.pushwire.testkit.BrokerControls;
import io.pushwire.testkit.RedisServer;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * A Redis of which is known where the nodes' own envelopes travel.
 *
 * @param redis what is killed, cut, and so on
 * @param any a server of it
 */
record PubSubControls(BrokerControls redis, RedisServer any) implements BrokerControls {
  PubSubControls(RedisServer redis) {
    this(redis, redis);
  }

  @Override
  public Set<Control> supported() {
    return EnumSet.allOf(Control.class);
  }

  @Override
  public void inject(String prefix, Target target, byte[] bytes) {
    any.publish(new ChannelNames(prefix + ":").of(target), bytes);
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
  public Map<String, Long> leftovers(String prefix) {
    return redis.leftovers(prefix + ":");
  }
}
