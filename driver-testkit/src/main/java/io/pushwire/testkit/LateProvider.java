package io.pushwire.testkit;

import io.pushwire.api.PushwireException;
import io.pushwire.core.Capability;
import io.pushwire.core.DriverContext;
import io.pushwire.core.MessageDriver;
import io.pushwire.core.MessageDriverProvider;
import java.util.Set;

/** A provider whose broker is not there yet. */
final class LateProvider implements MessageDriverProvider {
  static final String ABSENT = "The broker is not there";

  private final MessageDriverProvider provider;
  private volatile boolean arrived;

  LateProvider(MessageDriverProvider provider) {
    this.provider = provider;
  }

  /** From now on drivers open. */
  void arrive() {
    arrived = true;
  }

  @Override
  public String name() {
    return provider.name();
  }

  @Override
  public Set<Capability> capabilities() {
    return provider.capabilities();
  }

  @Override
  public MessageDriver open(DriverContext context) {
    if (!arrived) {
      throw new PushwireException(ABSENT);
    }
    return provider.open(context);
  }
}
