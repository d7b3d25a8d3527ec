package io.pushwire.testkit;

import io.pushwire.core.MessageDriverProvider;
import io.pushwire.core.Settings;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A node in a JVM of its own that holds one user's connection, to be killed or paused. What it
 * writes to the connection goes to a file at once, as it would to a socket.
 *
 * @since 0.1
 */
public final class ChildNode implements AutoCloseable {
  private static final String READY = "READY";

  private final ChildJvm jvm;
  private final Path frames;

  private ChildNode(ChildJvm jvm, Path frames) {
    this.jvm = jvm;
    this.frames = frames;
  }

  /**
   * Starts it, and waits until the user is reachable.
   *
   * @param provider makes the driver; has a constructor without arguments
   * @param settings all settings of the node, those of the driver below {@code driver.<name>.}
   * @param user whose connection it holds
   * @return the node
   */
  public static ChildNode start(
      MessageDriverProvider provider, Map<String, String> settings, String user) {
    try {
      Path frames = Files.createTempFile("pushwire-frames-", "");
      List<String> arguments =
          new ArrayList<>(List.of(provider.getClass().getName(), frames.toString(), user));
      settings.forEach((key, value) -> arguments.add(key + "=" + value));
      ChildJvm jvm = ChildJvm.start(ChildNode.class, arguments.toArray(String[]::new));
      ChildNode node = new ChildNode(jvm, frames);
      jvm.awaitLine(READY, Duration.ofSeconds(60));
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @return the texts that it has written so far; half a line of one that was killed does not count
   */
  public List<String> texts() {
    try {
      String all = Files.readString(frames);
      return all.substring(0, all.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @return what can be killed, paused and resumed
   */
  public ChildJvm jvm() {
    return jvm;
  }

  /** Kills it, if it still runs. */
  @Override
  public void close() {
    jvm.close();
    try {
      Files.deleteIfExists(frames);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The child itself.
   *
   * @param arguments the provider's class, the file, the user, and settings as {@code key=value}
   * @throws Exception if it does not start, which its parent then shows
   */
  public static void main(String[] arguments) throws Exception {
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
    try (FileOutputStream frames = new FileOutputStream(arguments[1]);
        TestNode node = new TestNode(provider, Settings.of(settings))) {
      TestConnection connection = node.connection(arguments[2]);
      connection.onFrame(
          payload -> {
            try {
              frames.write((payload.text() + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      node.registry().bind(connection).toCompletableFuture().join();
      System.out.println(READY);
      new CountDownLatch(1).await(); // until it is killed
    }
  }
}
