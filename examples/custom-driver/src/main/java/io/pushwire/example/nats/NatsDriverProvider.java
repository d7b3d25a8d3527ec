package io.pushwire.example.nats;

import io.pushwire.core.Capability;
import io.pushwire.core.DriverContext;
import io.pushwire.core.MessageDriver;
import io.pushwire.core.MessageDriverProvider;
import io.pushwire.core.SettingsReader;
import java.util.Set;

/** What {@code driver=nats} chooses. */
public final class NatsDriverProvider implements MessageDriverProvider {
  @Override
  public String name() {
    return "nats";
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.REPORTS_LOSS, Capability.ROUTES_USERS);
  }

  @Override
  public MessageDriver open(DriverContext context) {
    SettingsReader settings = context.settings().reader();
    String uri = settings.text("uri", "nats://127.0.0.1:4222");
    NatsSubjects subjects =
        settings.parsed("prefix", new NatsSubjects("pw."), "such as pw.", NatsSubjects::new);
    settings.finish();
    return new NatsDriver(context, uri, subjects).start();
  }
}
