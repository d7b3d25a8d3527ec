package io.pushwire.driver.redispubsub;

import io.pushwire.core.Capability;
import io.pushwire.core.DriverContext;
import io.pushwire.core.MessageDriver;
import io.pushwire.core.MessageDriverProvider;
import java.util.EnumSet;
import java.util.Set;

/**
 * Opens {@code driver=redis-pubsub}.
 *
 * @since 0.1
 */
public final class RedisPubSubDriverProvider implements MessageDriverProvider {
  /** For {@link java.util.ServiceLoader}. */
  public RedisPubSubDriverProvider() {}

  @Override
  public String name() {
    return "redis-pubsub";
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(Capability.REPORTS_LOSS, Capability.ROUTES_USERS, Capability.FOREIGN_INGRESS);
  }

  @Override
  public MessageDriver open(DriverContext context) {
    return RedisPubSubDriver.open(context, RedisPubSubConfig.from(context.settings()));
  }
}
