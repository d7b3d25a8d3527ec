package io.pushwire.server;

import io.pushwire.api.ConfigurationException;
import io.pushwire.core.NodeConfig;
import io.pushwire.core.Settings;
import io.pushwire.core.SettingsReader;
import io.pushwire.endpoint.SlowClientPolicy;
import io.pushwire.server.transport.TransportConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What the server can be told; the keys and their defaults stand in {@link Key}.
 *
 * @param host {@code server.host}
 * @param port {@code server.port}; 0: any free one
 * @param drainTimeout {@code server.drain-timeout}
 * @param insecure {@code auth.insecure}
 * @param maxConnections {@code limits.connections}
 * @param inbound {@code inbound}
 * @param inboundRate {@code inbound.rate}
 * @param outboxLimit {@code connection.outbox-limit}
 * @param slowClient {@code connection.slow-client}
 * @param pingInterval {@code connection.ping-interval}
 * @param node the node's own keys
 * @param settings all settings, for the driver
 */
record ServerConfig(
    InetAddress host,
    int port,
    Duration drainTimeout,
    boolean insecure,
    int maxConnections,
    InboundMode inbound,
    int inboundRate,
    int outboxLimit,
    SlowClientPolicy slowClient,
    Duration pingInterval,
    NodeConfig node,
    Settings settings) {
  private static final int MIB = 1024 * 1024;
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Checks what only shows when two values are seen together. */
  ServerConfig {
    if (!host.isLoopbackAddress() && !insecure) {
      throw new ConfigurationException("server.host: " + exposed(host));
    }
  }

  /**
   * @param values keys that differ from the default configuration
   * @return the config
   * @throws ConfigurationException with all problems
   */
  static ServerConfig of(Map<String, String> values) {
    Map<String, String> all = new HashMap<>(Key.defaults());
    all.putAll(values);
    return from(Settings.of(all));
  }

  /**
   * @param settings the server's keys, the node's, and the drivers'
   * @return the config
   * @throws ConfigurationException with all problems
   */
  static ServerConfig from(Settings settings) {
    SettingsReader reader = settings.reader();
    InetAddress loopback = InetAddress.getLoopbackAddress();
    InetAddress host =
        reader.parsed(
            "server.host", loopback, "a name or an address of this machine", ServerConfig::address);
    boolean insecure = reader.flag("auth.insecure", false);
    if (!host.isLoopbackAddress() && !insecure) {
      reader.problem("server.host", exposed(host));
    }
    reader.parsed("auth", "none", "none, which is all there is so far", ServerConfig::auth);
    int port = reader.number("server.port", 0, 0, 65_535);
    Duration drain = reader.duration("server.drain-timeout", Duration.ZERO, Duration.ZERO);
    int connections = reader.number("limits.connections", 1, 1, 10_000_000);
    InboundMode inbound = reader.choice("inbound", InboundMode.IGNORE);
    int rate = reader.number("inbound.rate", 1, 1, 1_000_000);
    int outbox =
        reader.bytes(
            "connection.outbox-limit", MIB, TransportConfig.LEAST_OUTBOX_LIMIT, 1024 * MIB);
    SlowClientPolicy slow = reader.choice("connection.slow-client", SlowClientPolicy.CLOSE);
    Duration ping = reader.duration("connection.ping-interval", SECOND, SECOND);
    NodeConfig node = NodeConfig.read(reader);
    reader.finish();
    return new ServerConfig(
        host,
        port,
        drain,
        insecure,
        connections,
        inbound,
        rate,
        outbox,
        slow,
        ping,
        node,
        settings);
  }

  /**
   * @return whether whoever reaches the address was said to be welcome
   */
  boolean servesAnyHost() {
    return insecure && !host.isLoopbackAddress();
  }

  private static String exposed(InetAddress host) {
    return host.getHostAddress()
        + " is not a loopback address, and with auth=none whoever reaches it can be any user."
        + " Expected: server.host=127.0.0.1, or auth.insecure=true if that is what you want";
  }

  private static String auth(String value) {
    if (!value.equals("none")) {
      throw new IllegalArgumentException();
    }
    return value;
  }

  private static InetAddress address(String name) {
    try {
      return InetAddress.getByName(name);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
