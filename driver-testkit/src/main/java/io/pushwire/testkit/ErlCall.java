package io.pushwire.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Evaluates expressions in a running Erlang node: 3 ms each, where {@code rabbitmqctl} takes two
 * seconds and needs epmd.
 */
final class ErlCall {
  static final String COOKIE = "PUSHWIRE";

  private static final String FAILED = "failed: ";
  private static final String NOT_CONNECTED = "failed to connect to node";
  private static final int ATTEMPTS = 3;

  private final List<String> command;

  ErlCall(int port) {
    command =
        List.of(
            Binaries.require("erl_call", "erlang-base"),
            "-address",
            "localhost:" + port,
            "-c",
            COOKIE,
            "-r",
            "-timeout",
            "20",
            "-fetch_stdout",
            "-no_result_term",
            "-e");
  }

  String eval(String expression) {
    // without the catch a failure prints nothing, and looks like success
    String guarded =
        "try " + expression + " catch C:R -> io:format(\"" + FAILED + "~p\", [{C, R}]) end.\n";
    String printed = ask(guarded.getBytes(StandardCharsets.UTF_8));
    if (printed.startsWith(FAILED)) {
      throw new IllegalStateException(expression + ": " + printed);
    }
    return printed;
  }

  private String ask(byte[] input) {
    for (int attempt = 1; ; attempt++) {
      try {
        return run(command, input);
      } catch (IllegalStateException e) {
        // on a busy machine the node may greet too late; nothing has been evaluated then
        if (attempt == ATTEMPTS || !String.valueOf(e.getMessage()).contains(NOT_CONNECTED)) {
          throw e;
        }
        Pause.millis(50);
      }
    }
  }

  long number(String expression) {
    String printed = eval("io:format(\"~b\", [" + expression + "])").strip();
    if (printed.isEmpty()) {
      throw new IllegalStateException("The node is not ready yet");
    }
    return Long.parseLong(printed);
  }

  /** Runs a short command to its end and returns what it printed. */
  static String run(List<String> command, byte[] input) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(input);
      }
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command.get(0) + " failed: " + printed.strip());
      }
      return printed;
    } catch (IOException e) {
      // it may end before it has read all
      throw new IllegalStateException(command.get(0) + " failed", new UncheckedIOException(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
