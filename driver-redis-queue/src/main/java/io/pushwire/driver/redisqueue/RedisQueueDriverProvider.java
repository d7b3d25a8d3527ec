package io.pushwire.driver.redisqueue;

import io.pushwire.core.Capability;
import io.pushwire.core.DriverContext;
import io.pushwire.core.MessageDriver;
import io.pushwire.core.MessageDriverProvider;
import java.util.EnumSet;
import java.util.Set;

/**
 * Opens {@code driver=redis-queue}: messages wait in Redis for users who are offline.
 *
 * @since 0.1
 */
public final class RedisQueueDriverProvider implements MessageDriverProvider {
  /** For {@link java.util.ServiceLoader}. */
  public RedisQueueDriverProvider() {}

  @Override
  public String name() {
    return "redis-queue";
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(
        Capability.STORES_FOR_OFFLINE_USERS,
        Capability.AT_LEAST_ONCE,
        Capability.REPORTS_LOSS,
        Capability.ROUTES_USERS,
        Capability.FOREIGN_INGRESS);
  }

  @Override
  public MessageDriver open(DriverContext context) {
    return RedisQueueDriver.open(context);
  }
}
