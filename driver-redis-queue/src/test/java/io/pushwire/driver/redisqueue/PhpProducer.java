package io.pushwire.driver.redisqueue;

import io.pushwire.api.Target;
import io.pushwire.testkit.ForeignProducer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A PHP program that pushes what it reads, a line for each message: list and bytes in hex. */
final class PhpProducer implements ForeignProducer {
  private static final String PROGRAM =
      """
      $redis = new Redis();
      $redis->connect('127.0.0.1', (int) $argv[1]);
      while (($line = fgets(STDIN)) !== false) {
        [$list, $bytes] = array_map('hex2bin', explode(' ', rtrim($line, "\\n")));
        echo $redis->lPush($list, $bytes), "\\n";
      }
      """;

  private final Keys keys;
  private final Process php;
  private final BufferedReader replies;

  PhpProducer(int port, Keys keys) {
    this.keys = keys;
    try {
      php =
          new ProcessBuilder("php", "-r", PROGRAM, "--", Integer.toString(port))
              .redirectError(Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "PHP does not start. Install it: apt-get install php-cli php-redis", e);
    }
    replies =
        new BufferedReader(new InputStreamReader(php.getInputStream(), StandardCharsets.US_ASCII));
  }

  @Override
  public boolean reaches(Target target) {
    return target instanceof Target.User;
  }

  @Override
  public void send(Target target, byte[] bytes) {
    if (target instanceof Target.User user) {
      HexFormat hex = HexFormat.of();
      String line = hex.formatHex(keys.list(user.id())) + " " + hex.formatHex(bytes) + "\n";
      try {
        OutputStream out = php.getOutputStream();
        out.write(line.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        String reply = replies.readLine();
        if (reply == null || !reply.matches("\\d+")) {
          throw new IllegalStateException(
              "PHP said " + reply + ". It needs apt-get install php-redis");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public boolean mayNameOthers(Target target) {
    return false;
  }

  @Override
  public boolean sharedWithNodes(Target target) {
    return true;
  }

  @Override
  public void close() {
    php.destroyForcibly();
  }
}
