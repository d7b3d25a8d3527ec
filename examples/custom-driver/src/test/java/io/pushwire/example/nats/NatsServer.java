package io.pushwire.example.nats;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.pushwire.api.Target;
import io.pushwire.testkit.BrokerProcess;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A private NATS. */
final class NatsServer extends BrokerProcess {
  NatsServer() {
    super(
        "nats-server",
        "nats-server",
        port -> List.of("-a", "127.0.0.1", "-p", Integer.toString(port)));
  }

  String uri() {
    return "nats://127.0.0.1:" + port();
  }

  @Override
  public Set<Control> supported() {
    return EnumSet.complementOf(EnumSet.of(Control.FLUSH)); // it keeps nothing
  }

  @Override
  public void inject(String prefix, Target target, byte[] bytes) {
    try {
      Connection stranger = Nats.connect(uri());
      stranger.publish(new NatsSubjects(prefix + ".").of(target), bytes);
      stranger.close();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
