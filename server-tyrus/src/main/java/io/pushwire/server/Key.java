package io.pushwire.server;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One setting. {@link #ALL} is the only place where the server's keys, their defaults and their
 * meaning stand: help, the printed configuration and the check for unknown keys read it.
 *
 * @param name the key, in kebab case
 * @param standard the default as one would write it; empty: none
 * @param meaning one line for the reader of {@code --help}
 */
record Key(String name, String standard, String meaning) {
  /** What stands before the keys that belong to the drivers. */
  static final String DRIVERS = "driver.";

  static final List<Key> ALL =
      List.of(
          new Key("server.host", "127.0.0.1", "address to listen on"),
          new Key("server.port", "8080", "port to listen on; 0 takes a free one and prints it"),
          new Key(
              "server.drain-timeout",
              "10 s",
              "on stop: the time over which connections are closed"),
          new Key("driver", "memory", "the driver that carries messages between nodes"),
          new Key("driver.lazy", "false", "true: start although the broker cannot be reached"),
          new Key("driver.<name>.*", "", "settings of that driver: see its README"),
          new Key("node.id", "", "1 to 64 of A-Z a-z 0-9 _ -; absent: random"),
          new Key("roster", "on", "off: this node neither tells nor knows who is online"),
          new Key("roster.heartbeat", "2 s", "a node silent for three of them is forgotten"),
          new Key("probe.interval", "2 s", "how often the node proves its link to the broker"),
          new Key("auth", "none", "who may connect: none (?user= is believed), jwt"),
          new Key(
              "auth.insecure", "false", "true: allow auth=none on an address that is not loopback"),
          new Key("auth.jwt.secret", "", "checks tokens by HS256: 32 bytes or more"),
          new Key("auth.jwt.public-key", "", "or by RS256, ES256: a PEM file"),
          new Key("auth.jwt.jwks-uri", "", "or by the keys at this address"),
          new Key("auth.jwt.audience", "", "what tokens must have as aud"),
          new Key("auth.jwt.issuer", "", "what tokens must have as iss"),
          new Key("api.key", "", "what callers of /v1 must show; needed off loopback"),
          new Key("server.origins", "", "pages that may connect; absent: those of the same host"),
          new Key("server.trusted-proxies", "", "addresses, networks whose X-Forwarded-For counts"),
          new Key("server.pages", "", "a folder of pages of your own, served at /"),
          new Key("limits.connections", "100000", "WebSockets that this node accepts"),
          new Key("limits.connections-per-user", "64", "of these, for one user"),
          new Key("limits.connections-per-address", "", "of these, for one address; absent: all"),
          new Key("limits.handshakes-per-second", "2000", "WebSockets opened in one second"),
          new Key("inbound", "ignore", "what clients say goes to: ignore, everyone, topic"),
          new Key("inbound.rate", "10", "messages per second that one client may send"),
          new Key("message.max-size", "256 KiB", "the largest payload"),
          new Key("connection.outbox-limit", "1 MiB", "bytes that may wait for one slow client"),
          new Key("connection.slow-client", "close", "when that is exceeded: close, drop-oldest"),
          new Key(
              "connection.ping-interval", "25 s", "silence until a ping; twice that, and it ends"),
          new Key("log.format", "text", "how log lines look: text, json"),
          new Key("log.access", "false", "true: a line for each request and each WebSocket"));

  /**
   * @return whether it stands for all keys of a driver
   */
  boolean isPattern() {
    return name.endsWith("*");
  }

  /**
   * @return the environment variable that sets it
   */
  String variable() {
    return variable(name);
  }

  static String variable(String key) {
    return "PUSHWIRE_" + key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  /**
   * @return the server's own default configuration
   */
  static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    for (Key key : ALL) {
      if (!key.standard.isEmpty()) {
        defaults.put(key.name, key.standard);
      }
    }
    return defaults;
  }

  /**
   * @param key a key as given
   * @return whether the server or a driver reads it
   */
  static boolean isKnown(String key) {
    return isDrivers(key) || ALL.stream().anyMatch(k -> !k.isPattern() && k.name.equals(key));
  }

  /**
   * @param key a key as given
   * @return whether it is one for a driver to judge
   */
  static boolean isDrivers(String key) {
    return key.startsWith(DRIVERS) && key.indexOf('.', DRIVERS.length()) > DRIVERS.length();
  }

  /**
   * @param unknown a key that is not known
   * @return the key that was probably meant
   */
  static Optional<String> near(String unknown) {
    String bare = unknown.startsWith("pushwire.") ? unknown.substring(9) : unknown;
    String kebab = bare.toLowerCase(Locale.ROOT).replace('_', '-');
    return ALL.stream()
        .filter(key -> !key.isPattern())
        .map(Key::name)
        .filter(name -> distance(kebab, name) <= Math.max(2, name.length() / 4))
        .min(Comparator.comparingInt(name -> distance(kebab, name)));
  }

  /** Levenshtein: the characters to insert, delete or replace. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
