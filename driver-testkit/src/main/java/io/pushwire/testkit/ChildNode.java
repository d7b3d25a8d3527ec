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
 * A node in a JVM of its own that holds a connection for each of some users, to be killed or
 * paused. What it writes to them goes to a file at once, as it would to a socket.
 *
 * @since 0.1
 */
public final class ChildNode implements AutoCloseable {
  private static final String READY = "READY";
  private static final String USERS = "--users";

  private final ChildJvm jvm;
  private final Path frames;

  private ChildNode(ChildJvm jvm, Path frames) {
    this.jvm = jvm;
    this.frames = frames;
  }

  /**
   * Starts it, and waits until its users are reachable.
   *
   * @param provider makes the driver; has a constructor without arguments
   * @param settings all settings of the node, those of the driver below {@code driver.<name>.}
   * @param users whose connections it holds
   * @return the node
   */
  public static ChildNode start(
      MessageDriverProvider provider, Map<String, String> settings, String... users) {
    try {
      Path frames = Files.createTempFile("pushwire-frames-", "");
      List<String> arguments =
          new ArrayList<>(List.of(provider.getClass().getName(), frames.toString()));
      settings.forEach((key, value) -> arguments.add(key + "=" + value));
      arguments.add(USERS);
      arguments.addAll(List.of(users));
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
   * @param arguments the provider's class, the file, settings as {@code key=value}, and after
   *     {@value #USERS} the users
   * @throws Exception if it does not start, which its parent then shows
   */
  public static void main(String[] arguments) throws Exception {
    MessageDriverProvider provider =
        Class.forName(arguments[0])
            .asSubclass(MessageDriverProvider.class)
            .getDeclaredConstructor()
            .newInstance();
    List<String> rest = List.of(arguments).subList(2, arguments.length);
    int users = rest.indexOf(USERS);
    Map<String, String> settings = new HashMap<>();
    for (String setting : rest.subList(0, users)) {
      String[] pair = setting.split("=", 2);
      settings.put(pair[0], pair[1]);
    }
    try (FileOutputStream frames = new FileOutputStream(arguments[1]);
        TestNode node = new TestNode(provider, Settings.of(settings))) {
      for (String user : rest.subList(users + 1, rest.size())) {
        TestConnection connection = node.connection(user);
        connection.onFrame(payload -> append(frames, payload.text()));
        node.registry().bind(connection).toCompletableFuture().join();
      }
      System.out.println(READY);
      new CountDownLatch(1).await(); // until it is killed
    }
  }

  private static void append(FileOutputStream frames, String text) {
    try {
      frames.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
