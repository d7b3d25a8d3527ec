package io.pushwire.testkit;

import io.pushwire.core.MessageDriverProvider;
import io.pushwire.core.memory.MemoryDriverProvider;
import java.util.Map;

class MemoryDriverContractTest extends MessageDriverContract {
  @Override
  public MessageDriverProvider provider() {
    return new MemoryDriverProvider();
  }

  @Override
  public Map<String, String> settings(String prefix) {
    return Map.of("prefix", prefix);
  }

  @Override
  public boolean inProcess() {
    return true;
  }
}
