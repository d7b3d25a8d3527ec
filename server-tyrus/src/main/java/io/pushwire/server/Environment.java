package io.pushwire.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The environment variables that begin with {@code PUSHWIRE_}. Orchestrators set some of their own,
 * so what is odd about them is only warned of.
 */
final class Environment {
  private final Map<String, String> values = new TreeMap<>();
  private final List<String> warnings = new ArrayList<>();

  /**
   * @param all all environment variables
   */
  Environment(Map<String, String> all) {
    new TreeMap<>(all)
        .forEach(
            (name, value) -> {
              if (name.equals("PUSHWIRE_SERVER_PORT") && value.startsWith("tcp://")) {
                // what Kubernetes makes of a service named pushwire-server
                warnings.add("Environment variable " + name + " is a service link and is ignored");
              } else if (name.startsWith("PUSHWIRE_")) {
                values.put(name, value);
                if (!isKnown(name)) {
                  warnings.add(
                      "Environment variable " + name + " stands for no key and is ignored");
                }
              }
            });
  }

  Map<String, String> values() {
    return values;
  }

  List<String> warnings() {
    return warnings;
  }

  /** Only a driver knows which variables of drivers there are. */
  static boolean isDrivers(String name) {
    return name.startsWith(Key.variable(Key.DRIVERS));
  }

  private static boolean isKnown(String name) {
    return isDrivers(name) || Key.ALL.stream().anyMatch(key -> key.variable().equals(name));
  }
}
