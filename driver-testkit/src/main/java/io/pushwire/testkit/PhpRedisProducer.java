package io.pushwire.testkit;

import io.pushwire.api.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;

/**
 * A PHP program that writes to a Redis what it reads, a line for each message: channel or list, and
 * bytes, in hex. It ends with this JVM at the latest.
 *
 * @since 0.1
 */
public final class PhpRedisProducer implements ForeignProducer {
  private static final String PROGRAM =
      """
      [, $port, $command] = $argv;
      $redis = new Redis();
      $redis->connect('127.0.0.1', (int) $port);
      while (($line = fgets(STDIN)) !== false) {
        [$place, $bytes] = array_map('hex2bin', explode(' ', rtrim($line, "\\n")));
        echo $redis->$command($place, $bytes), "\\n";
      }
      """;

  private final Function<Target, Optional<String>> places;
  private final boolean shared;
  private final Process php;
  private final BufferedReader replies;

  private PhpRedisProducer(
      RedisServer redis,
      String command,
      Function<Target, Optional<String>> places,
      boolean shared) {
    this.places = places;
    this.shared = shared;
    try {
      php =
          new ProcessBuilder("php", "-r", PROGRAM, "--", Integer.toString(redis.port()), command)
              .redirectError(Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "PHP does not start. Install it: apt-get install php-cli php-redis", e);
    }
    replies =
        new BufferedReader(new InputStreamReader(php.getInputStream(), StandardCharsets.US_ASCII));
  }

  /**
   * @param redis where it publishes
   * @param channels the channel that stands for a target, if one does
   * @return a producer to channels, which only foreign programs write to
   */
  public static PhpRedisProducer publishing(
      RedisServer redis, Function<Target, Optional<String>> channels) {
    return new PhpRedisProducer(redis, "publish", channels, false);
  }

  /**
   * @param redis where it pushes, from the left
   * @param lists the list that stands for a target, if one does
   * @return a producer to lists, which nodes write to as well
   */
  public static PhpRedisProducer pushing(
      RedisServer redis, Function<Target, Optional<String>> lists) {
    return new PhpRedisProducer(redis, "lPush", lists, true);
  }

  /**
   * Writes to any channel or list.
   *
   * @param place its name
   * @param bytes what
   * @return what Redis answers: how many clients heard it, or how many messages the list has
   */
  public long write(String place, byte[] bytes) {
    HexFormat hex = HexFormat.of();
    String line =
        hex.formatHex(place.getBytes(StandardCharsets.UTF_8)) + " " + hex.formatHex(bytes) + "\n";
    try {
      OutputStream out = php.getOutputStream();
      out.write(line.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      String reply = replies.readLine();
      if (reply == null || !reply.matches("\\d+")) {
        throw new IllegalStateException(
            "PHP said " + reply + ". It needs apt-get install php-redis");
      }
      return Long.parseLong(reply);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean reaches(Target target) {
    return places.apply(target).isPresent();
  }

  @Override
  public void send(Target target, byte[] bytes) {
    write(places.apply(target).orElseThrow(), bytes);
  }

  @Override
  public boolean mayNameOthers(Target target) {
    return false;
  }

  @Override
  public boolean sharedWithNodes(Target target) {
    return shared;
  }

  @Override
  public void close() {
    php.destroyForcibly();
  }
}
