package io.pushwire.testkit;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The process of a {@code redis-server}, on one port in one directory however often it starts. */
final class RedisProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(10);
  private static final int ATTEMPTS = 5;

  private final Path directory;
  private final List<String> options;
  private final int port;
  private ChildProcess process;

  private RedisProcess(Path directory, List<String> options, int port) {
    this.directory = directory;
    this.options = options;
    this.port = port;
    this.process = launch();
  }

  /**
   * @param alsoFree how far above the port others lie that must be free too
   * @param options makes the options from the port
   */
  static RedisProcess open(int[] alsoFree, Function<Integer, List<String>> options) {
    Path directory = TemporaryDirectory.create("redis");
    for (int attempt = 1; ; attempt++) {
      int port = Ports.free(alsoFree);
      RedisProcess process = new RedisProcess(directory, options.apply(port), port);
      if (process.awaitUp()) {
        return process;
      }
      process.kill();
      if (attempt == ATTEMPTS) {
        throw new IllegalStateException("Redis does not start:\n" + process.log());
      }
    }
  }

  private ChildProcess launch() {
    List<String> command = new ArrayList<>();
    command.add(Binaries.require("redis-server", "redis-server"));
    if (!options.contains("--sentinel")) {
      command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
      command.addAll(List.of("--dir", directory.toString(), "--daemonize", "no"));
      command.addAll(List.of("--save", "", "--appendonly", "no"));
    }
    command.addAll(options);
    return ChildProcess.start(directory, Map.of(), directory.resolve("redis.log"), command);
  }

  private boolean awaitUp() {
    long end = System.nanoTime() + START.toNanos();
    while (process.isAlive() && System.nanoTime() < end) {
      try (Resp redis = Resp.connect(port)) {
        redis.call("PING");
        // a port that was taken after all answers as well, for somebody else
        return process.isAlive() && redis.text("INFO", "server").contains("id:" + process.pid());
      } catch (UncheckedIOException | IllegalStateException e) {
        Pause.millis(5);
      }
    }
    return false;
  }

  int port() {
    return port;
  }

  Path directory() {
    return directory;
  }

  List<String> options() {
    return options;
  }

  String log() {
    return TemporaryDirectory.tail(directory.resolve("redis.log"));
  }

  void kill() {
    process.kill();
  }

  void restart() {
    process.kill();
    process = launch();
    if (!awaitUp()) {
      throw new IllegalStateException("Redis does not start again:\n" + log());
    }
  }

  void pause() {
    process.pause();
  }

  void resume() {
    process.resume();
  }

  @Override
  public void close() {
    process.kill();
    TemporaryDirectory.delete(directory);
  }
}
