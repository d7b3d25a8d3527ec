package io.pushwire.driver.redispubsub;

import io.pushwire.api.Target;
import io.pushwire.testkit.ForeignProducer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A PHP program that publishes what it reads, a line for each message: channel and bytes in hex.
 */
final class PhpProducer implements ForeignProducer {
  private static final String PROGRAM =
      """
      $redis = new Redis();
      $redis->connect('127.0.0.1', (int) $argv[1]);
      while (($line = fgets(STDIN)) !== false) {
        [$channel, $bytes] = array_map('hex2bin', explode(' ', rtrim($line, "\\n")));
        echo $redis->publish($channel, $bytes), "\\n";
      }
      """;

  private final String prefix;
  private final Process php;

  /**
   * @param port of a Redis
   * @param prefix what precedes the names of foreign channels
   */
  PhpProducer(int port, String prefix) {
    this.prefix = prefix;
    try {
      php =
          new ProcessBuilder("php", "-r", PROGRAM, "--", Integer.toString(port))
              .redirectError(Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "PHP does not start. Install it: apt-get install php-cli php-redis", e);
    }
  }

  @Override
  public boolean reaches(Target target) {
    return target instanceof Target.Topic;
  }

  @Override
  public void send(Target target, byte[] bytes) {
    if (target instanceof Target.Topic topic) {
      publish(prefix + "pub." + topic.name(), bytes);
    }
  }

  /** Publishes to any channel; returns how many clients heard it. */
  int publish(String channel, byte[] bytes) {
    HexFormat hex = HexFormat.of();
    String line =
        hex.formatHex(channel.getBytes(StandardCharsets.UTF_8)) + " " + hex.formatHex(bytes) + "\n";
    try {
      OutputStream out = php.getOutputStream();
      out.write(line.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      InputStream in = php.getInputStream();
      StringBuilder reply = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new IllegalStateException(
              "The PHP program ended: " + reply + ". It needs apt-get install php-redis");
        }
        reply.append((char) c);
      }
      return Integer.parseInt(reply.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean mayNameOthers(Target target) {
    return false;
  }

  @Override
  public void close() {
    php.destroyForcibly();
  }
}
