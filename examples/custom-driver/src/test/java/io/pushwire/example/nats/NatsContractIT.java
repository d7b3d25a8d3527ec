package io.pushwire.example.nats;

import io.pushwire.core.MessageDriverProvider;
import io.pushwire.testkit.BrokerControls;
import io.pushwire.testkit.MessageDriverContract;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;

/** Joins the contract that defines a driver. */
class NatsContractIT extends MessageDriverContract {
  private final NatsServer nats = new NatsServer();

  @Override
  public MessageDriverProvider provider() {
    return new NatsDriverProvider();
  }

  @Override
  public Map<String, String> settings(String prefix) {
    return Map.of("uri", nats.uri(), "prefix", prefix + ".");
  }

  @Override
  public Optional<BrokerControls> broker() {
    return Optional.of(nats);
  }

  @AfterAll
  void stop() {
    nats.close();
  }
}
