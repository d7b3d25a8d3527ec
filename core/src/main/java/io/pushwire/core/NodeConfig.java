package io.pushwire.core;

import io.pushwire.api.ConfigurationException;
import io.pushwire.api.NodeId;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/**
 * What a node itself can be told.
 *
 * @param driver {@code driver}: which driver; empty: the only one there is
 * @param lazy {@code driver.lazy}: whether to start although the broker cannot be reached
 * @param id {@code node.id}
 * @param maxPayloadSize {@code message.max-size}: the most bytes of a payload
 * @param roster {@code roster}: whether the node tells the others who is connected to it, and keeps
 *     what they tell
 * @param rosterHeartbeat {@code roster.heartbeat}: a node silent for three of them is dropped
 * @param probeInterval {@code probe.interval}: how often the node proves its link; down after two
 *     and a half of them at most
 * @since 0.1
 */
public record NodeConfig(
    Optional<String> driver,
    boolean lazy,
    NodeId id,
    int maxPayloadSize,
    boolean roster,
    Duration rosterHeartbeat,
    Duration probeInterval) {
  /** The default of {@code message.max-size}: {@value} bytes. */
  public static final int DEFAULT_MAX_PAYLOAD_SIZE = 256 * 1024;

  /** The default of {@code roster.heartbeat}: 2 seconds. */
  public static final Duration DEFAULT_ROSTER_HEARTBEAT = Duration.ofSeconds(2);

  /** The default of {@code probe.interval}: 2 seconds. */
  public static final Duration DEFAULT_PROBE_INTERVAL = Duration.ofSeconds(2);

  private static final Duration SHORTEST = Duration.ofMillis(50);
  private static final int LARGEST_PAYLOAD = 64 * 1024 * 1024;

  /**
   * Reads the node's keys, and leaves the drivers' to them.
   *
   * @param settings nothing else may stand in them
   * @return the config
   * @throws ConfigurationException with all problems
   */
  public static NodeConfig from(Settings settings) {
    SettingsReader reader = settings.reader();
    NodeConfig config = read(reader);
    reader.finish();
    return config;
  }

  /**
   * Reads the node's keys for somebody who reads his own from the same reader, and finishes it.
   *
   * @param reader the reader; problems are noted there
   * @return the config
   */
  public static NodeConfig read(SettingsReader reader) {
    NodeConfig config =
        new NodeConfig(
            reader.text("driver"),
            reader.flag("driver.lazy", false),
            reader.parsed("node.id", randomId(), "1 to 64 of A-Z, a-z, 0-9, _ and -", NodeId::new),
            reader.bytes("message.max-size", DEFAULT_MAX_PAYLOAD_SIZE, 1, LARGEST_PAYLOAD),
            reader.flag("roster", true),
            reader.duration("roster.heartbeat", DEFAULT_ROSTER_HEARTBEAT, SHORTEST),
            reader.duration("probe.interval", DEFAULT_PROBE_INTERVAL, SHORTEST));
    // driver.<name>.<key> is the driver's; driver.lazzy is a typing error
    reader.leave(key -> key.startsWith("driver.") && key.indexOf('.', "driver.".length()) > 0);
    return config;
  }

  private static NodeId randomId() {
    // 40 bits: a thousand nodes share one with a chance of one in two million
    return new NodeId("n" + Long.toString(new SecureRandom().nextLong() >>> 24, 36));
  }
}
