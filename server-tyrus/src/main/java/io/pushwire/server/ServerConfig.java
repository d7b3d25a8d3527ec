package io.pushwire.server;

import io.pushwire.api.ConfigurationException;
import io.pushwire.core.NodeConfig;
import io.pushwire.core.Settings;
import io.pushwire.core.SettingsReader;
import io.pushwire.endpoint.SlowClientPolicy;
import io.pushwire.server.http.ConnectionLimits;
import io.pushwire.server.http.PageFolder;
import io.pushwire.server.observe.LogFormat;
import io.pushwire.server.transport.TransportConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the server can be told; the keys and their defaults stand in {@link Key}.
 *
 * @param host {@code server.host}
 * @param port {@code server.port}; 0: any free one
 * @param drainTimeout {@code server.drain-timeout}
 * @param access who may connect and call
 * @param pages {@code server.pages}
 * @param limits {@code limits.*}
 * @param inbound {@code inbound}
 * @param inboundRate {@code inbound.rate}
 * @param outboxLimit {@code connection.outbox-limit}
 * @param slowClient {@code connection.slow-client}
 * @param pingInterval {@code connection.ping-interval}
 * @param logFormat {@code log.format}
 * @param accessLog {@code log.access}
 * @param node the node's own keys
 * @param settings all settings, for the driver
 */
record ServerConfig(
    InetAddress host,
    int port,
    Duration drainTimeout,
    AccessConfig access,
    Optional<PageFolder> pages,
    ConnectionLimits.Config limits,
    InboundMode inbound,
    int inboundRate,
    int outboxLimit,
    SlowClientPolicy slowClient,
    Duration pingInterval,
    LogFormat logFormat,
    boolean accessLog,
    NodeConfig node,
    Settings settings) {
  private static final int MIB = 1024 * 1024;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final int MAX_CONNECTIONS = 10_000_000;

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
    AccessConfig access = AccessConfig.read(reader, host);
    int port = reader.number("server.port", 0, 0, 65_535);
    Duration drain = reader.duration("server.drain-timeout", Duration.ZERO, Duration.ZERO);
    Optional<PageFolder> pages =
        reader.parsed(
            "server.pages",
            Optional.empty(),
            "a folder that is there and can be read; a path that does not begin with / begins at "
                + Path.of("").toAbsolutePath(),
            text -> Optional.of(PageFolder.of(text)));
    ConnectionLimits.Config limits = limits(reader);
    InboundMode inbound = reader.choice("inbound", InboundMode.IGNORE);
    int rate = reader.number("inbound.rate", 1, 1, 1_000_000);
    int outbox =
        reader.bytes(
            "connection.outbox-limit", MIB, TransportConfig.LEAST_OUTBOX_LIMIT, 1024 * MIB);
    SlowClientPolicy slow = reader.choice("connection.slow-client", SlowClientPolicy.CLOSE);
    Duration ping = reader.duration("connection.ping-interval", SECOND, SECOND);
    LogFormat format = reader.choice("log.format", LogFormat.TEXT);
    boolean accessLog = reader.flag("log.access", false);
    NodeConfig node = NodeConfig.read(reader);
    reader.finish();
    return new ServerConfig(
        host, port, drain, access, pages, limits, inbound, rate, outbox, slow, ping, format,
        accessLog, node, settings);
  }

  private static ConnectionLimits.Config limits(SettingsReader reader) {
    int connections = reader.number("limits.connections", 1, 1, MAX_CONNECTIONS);
    return new ConnectionLimits.Config(
        connections,
        reader.number("limits.connections-per-user", connections, 1, MAX_CONNECTIONS),
        reader.number("limits.connections-per-address", connections, 1, MAX_CONNECTIONS),
        reader.number("limits.handshakes-per-second", connections, 1, MAX_CONNECTIONS));
  }

  private static InetAddress address(String name) {
    try {
      return InetAddress.getByName(name);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
