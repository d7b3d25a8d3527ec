package io.pushwire.core.memory;

import io.pushwire.core.Capability;
import io.pushwire.core.DriverContext;
import io.pushwire.core.MessageDriver;
import io.pushwire.core.MessageDriverProvider;
import io.pushwire.core.SettingsReader;
import java.util.EnumSet;
import java.util.Set;

/**
 * Opens {@code driver=memory}. Its one setting, {@code driver.memory.prefix}, keeps applications in
 * one JVM apart.
 *
 * @since 0.1
 */
public final class MemoryDriverProvider implements MessageDriverProvider {
  /** For {@link java.util.ServiceLoader}. */
  public MemoryDriverProvider() {}

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(Capability.REPORTS_LOSS, Capability.ROUTES_USERS);
  }

  @Override
  public MessageDriver open(DriverContext context) {
    SettingsReader reader = context.settings().reader();
    String prefix = reader.text("prefix", "pw:");
    reader.finish();
    MemoryDriver driver = new MemoryDriver(context, MemoryBroker.named(prefix));
    driver.start();
    return driver;
  }
}
