package io.pushwire.testkit;

import io.pushwire.core.MessageDriverProvider;
import io.pushwire.core.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A node in a JVM of its own, to be killed or stopped like a machine. */
final class NodeProgram {
  static final String READY = "ready";

  private NodeProgram() {}

  /**
   * Starts one that holds a connection for each of {@code <name>0}, {@code <name>1}, ….
   *
   * @param provider makes the driver; has a constructor without arguments
   */
  static ChildJvm start(
      MessageDriverProvider provider, Map<String, String> settings, String name, int users) {
    String[] arguments = new String[3 + settings.size()];
    arguments[0] = provider.getClass().getName();
    arguments[1] = name;
    arguments[2] = Integer.toString(users);
    int i = 3;
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      arguments[i++] = setting.getKey() + "=" + setting.getValue();
    }
    return ChildJvm.start(NodeProgram.class, arguments);
  }

  public static void main(String[] arguments)
      throws ReflectiveOperationException, InterruptedException {
    MessageDriverProvider provider =
        Class.forName(arguments[0])
            .asSubclass(MessageDriverProvider.class)
            .getDeclaredConstructor()
            .newInstance();
    Map<String, String> settings = new HashMap<>();
    for (int i = 3; i < arguments.length; i++) {
      String[] pair = arguments[i].split("=", 2);
      settings.put(pair[0], pair[1]);
    }
    TestNode node = new TestNode(provider, Settings.of(settings));
    for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
      node.connect(arguments[1] + i);
    }
    System.out.println(READY);
    // until it is killed
    new CountDownLatch(1).await();
  }
}
