package io.pushwire.driver.redisqueue;

import io.pushwire.core.Settings;
import io.pushwire.testkit.ChildJvm;
import io.pushwire.testkit.TestConnection;
import io.pushwire.testkit.TestNode;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A node in a JVM of its own, to be killed or paused. What it writes to its one connection goes to
 * a file at once, as it would to a socket.
 */
final class ChildNode implements AutoCloseable {
  private final ChildJvm jvm;
  private final Path frames;

  private ChildNode(ChildJvm jvm, Path frames) {
    this.jvm = jvm;
    this.frames = frames;
  }

  static ChildNode start(String uri, String user, String... settings) {
    try {
      Path frames = Files.createTempFile("pushwire-frames-", "");
      ChildJvm jvm =
          ChildJvm.start(ChildNode.class, uri, user, frames.toString(), String.join(",", settings));
      jvm.awaitLine("READY", Duration.ofSeconds(60));
      return new ChildNode(jvm, frames);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The texts that it has written so far; half a line of one that was killed does not count. */
  List<String> texts() {
    try {
      String all = Files.readString(frames);
      return all.substring(0, all.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ChildJvm jvm() {
    return jvm;
  }

  @Override
  public void close() throws IOException {
    jvm.close();
    Files.deleteIfExists(frames);
  }

  public static void main(String[] args) throws Exception {
    Map<String, String> settings = Redis.settings(args[0], args[3].split(",", -1));
    try (FileOutputStream frames = new FileOutputStream(args[2]);
        TestNode node = new TestNode(new RedisQueueDriverProvider(), Settings.of(settings))) {
      TestConnection connection = node.connection(args[1]);
      connection.onFrame(
          payload -> {
            try {
              frames.write((payload.text() + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      node.registry().bind(connection).toCompletableFuture().join();
      System.out.println("READY");
      new CountDownLatch(1).await();
    }
  }
}
