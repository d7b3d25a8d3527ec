package io.pushwire.testkit;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A private Redis on a free port of the loopback address, in a directory of its own. It ends with
 * this JVM at the latest. What it is asked here goes over a connection of its own, by its name
 * {@value #OWN_NAME} told apart from those of the driver under test.
 *
 * @since 0.1
 */
public final class RedisServer implements BrokerControls, AutoCloseable {
  static final String OWN_NAME = "testkit";

  private final RedisProcess process;

  private RedisServer(RedisProcess process) {
    this.process = process;
  }

  /**
   * @param alsoFree how far above the port others lie that must be free too
   * @param options makes the options from the port
   */
  static RedisServer open(int[] alsoFree, Function<Integer, List<String>> options) {
    return new RedisServer(RedisProcess.open(alsoFree, options));
  }

  /**
   * @return its port, without TLS
   */
  public int port() {
    return process.port();
  }

  /**
   * @return its URI: plain, no user
   */
  public String uri() {
    return "redis://127.0.0.1:" + port();
  }

  /**
   * @return where it keeps its files
   */
  public Path directory() {
    return process.directory();
  }

  /**
   * @return the end of its log
   */
  public String log() {
    return process.log();
  }

  @Override
  public Set<Control> supported() {
    return EnumSet.complementOf(EnumSet.of(Control.INJECT)); // where, is the driver's secret
  }

  @Override
  public void kill() {
    process.kill();
  }

  @Override
  public void start() {
    process.restart();
  }

  @Override
  public void pause() {
    process.pause();
  }

  @Override
  public void resume() {
    process.resume();
  }

  @Override
  public void cut() {
    try (Resp redis = connect()) {
      redis.call("CLIENT", "KILL", "TYPE", "normal");
      redis.call("CLIENT", "KILL", "TYPE", "pubsub");
    }
  }

  @Override
  public void flush() {
    command("FLUSHALL");
  }

  @Override
  public boolean durable() {
    return process.options().contains("--appendonly");
  }

  @Override
  public Map<String, Long> leftovers(String prefix) {
    String pattern = prefix.replaceAll("[*?\\[\\]\\\\]", "\\\\$0") + "*";
    return Map.of(
        "connections", (long) connections(),
        "channels", (long) listed("PUBSUB", "CHANNELS", pattern),
        "keys", (long) listed("KEYS", pattern));
  }

  /**
   * Runs one command over a new connection.
   *
   * @param words the command and its arguments
   * @return a String, a Long, a List of replies, or null
   * @throws IllegalStateException if Redis answers with an error
   */
  public @Nullable Object command(String... words) {
    try (Resp redis = connect()) {
      return redis.call(words);
    }
  }

  /**
   * Publishes bytes.
   *
   * @param channel where
   * @param message what
   * @return how many clients heard it
   */
  public long publish(String channel, byte[] message) {
    try (Resp redis = connect()) {
      Object heard =
          redis.call(
              "PUBLISH".getBytes(StandardCharsets.US_ASCII),
              channel.getBytes(StandardCharsets.UTF_8),
              message);
      return heard instanceof Long n ? n : 0;
    }
  }

  /**
   * Runs {@code redis-cli}, a client that is not Java.
   *
   * @param words the command and its arguments
   * @return what it printed
   */
  public String cli(String... words) {
    List<String> command = new ArrayList<>();
    command.add(Binaries.require("redis-cli", "redis-tools"));
    command.addAll(List.of("-p", Integer.toString(port())));
    command.addAll(Arrays.asList(words));
    return ChildProcess.run(command.toArray(String[]::new)).strip();
  }

  /**
   * @return by command, how often it was called since the start: {@code subscribe → 12}
   */
  public Map<String, Long> commandCalls() {
    Map<String, Long> calls = new TreeMap<>();
    for (String line : info("commandstats").split("\r\n", -1)) {
      if (line.startsWith("cmdstat_")) {
        String count = line.substring(line.indexOf("calls=") + 6, line.indexOf(','));
        calls.put(line.substring("cmdstat_".length(), line.indexOf(':')), Long.valueOf(count));
      }
    }
    return calls;
  }

  /**
   * @param section such as {@code commandstats}
   * @return what INFO says about it
   */
  public String info(String section) {
    try (Resp redis = connect()) {
      return redis.text("INFO", section);
    }
  }

  /**
   * @return how many channels have a subscriber
   */
  public int channels() {
    return listed("PUBSUB", "CHANNELS", "*");
  }

  private int listed(String... words) {
    return command(words) instanceof List<?> all ? all.size() : 0;
  }

  /**
   * @return how many connections there are, without the kit's own
   */
  public int connections() {
    try (Resp redis = connect()) {
      return (int)
          redis
              .text("CLIENT", "LIST")
              .lines()
              .filter(client -> !client.contains(" name=" + OWN_NAME + " "))
              .count();
    }
  }

  Resp connect() {
    Resp redis = Resp.connect(port());
    redis.call("CLIENT", "SETNAME", OWN_NAME);
    return redis;
  }

  /** Ends it and deletes its directory. */
  @Override
  public void close() {
    process.close();
  }
}
