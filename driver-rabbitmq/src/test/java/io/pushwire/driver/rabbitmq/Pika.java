package io.pushwire.driver.rabbitmq;

import io.pushwire.testkit.RabbitMqServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs a few lines of Python with {@code python3-pika}, and a channel at hand. */
final class Pika {
  // Debian's packages belong to its own Python, which need not be the first on the PATH
  private static final String PYTHON = "/usr/bin/python3";

  private static final String BEGIN =
      """
      import pika, sys
      connection = pika.BlockingConnection(pika.URLParameters(sys.argv[1] + '/%2F'))
      channel = connection.channel()
      channel.confirm_delivery()
      queue = sys.argv[2]
      """;

  private Pika() {}

  /** Returns what it printed. */
  static String run(RabbitMqServer server, String queue, String script, String... arguments) {
    List<String> command = new ArrayList<>(List.of(PYTHON, "-c", BEGIN + script));
    command.addAll(List.of(server.uri(), queue));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            "Python failed (apt-get install python3-pika brings what it needs): " + printed);
      }
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
