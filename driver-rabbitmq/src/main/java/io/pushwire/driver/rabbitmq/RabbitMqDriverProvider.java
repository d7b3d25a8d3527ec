package io.pushwire.driver.rabbitmq;

import io.pushwire.core.Capability;
import io.pushwire.core.DriverContext;
import io.pushwire.core.MessageDriver;
import io.pushwire.core.MessageDriverProvider;
import java.util.EnumSet;
import java.util.Set;

/**
 * Opens {@code driver=rabbitmq}. Its settings are read by {@link RabbitMqConfig}.
 *
 * @since 0.1
 */
public final class RabbitMqDriverProvider implements MessageDriverProvider {
  /** For {@link java.util.ServiceLoader}. */
  public RabbitMqDriverProvider() {}

  @Override
  public String name() {
    return "rabbitmq";
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(
        Capability.AT_LEAST_ONCE, Capability.REPORTS_LOSS, Capability.FOREIGN_INGRESS);
  }

  @Override
  public MessageDriver open(DriverContext context) {
    RabbitMqDriver driver = new RabbitMqDriver(context, RabbitMqConfig.from(context.settings()));
    driver.start();
    return driver;
  }
}
