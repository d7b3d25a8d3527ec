package io.pushwire.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A program in whatever language, as backends are: a PHP script, a shell's loop, a command line
 * tool.
 *
 * @since 0.1
 */
public final class Script implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ChildJvm program;

  private Script(ChildJvm program) {
    this.program = program;
  }

  /**
   * Runs one to its end.
   *
   * @param folder where it runs
   * @param environment what it finds there beside the environment of this JVM
   * @param command the program and its arguments
   * @return what it printed, errors included
   * @throws IllegalStateException if it fails; has what it printed
   */
  public static String run(Path folder, Map<String, String> environment, String... command) {
    return ChildProcess.run(folder, environment, command);
  }

  /**
   * Starts one that goes on until it is closed, and that ends with this JVM at the latest.
   *
   * @param folder where it runs
   * @param environment what it finds there beside the environment of this JVM
   * @param command the program and its arguments
   * @return the running program
   */
  public static Script start(Path folder, Map<String, String> environment, String... command) {
    return new Script(ChildJvm.of(ChildProcess.start(folder, environment, null, List.of(command))));
  }

  /**
   * Waits for a line that begins with a text, and drops those before it.
   *
   * @param prefix the text
   * @return the line
   * @throws IllegalStateException if it does not come; shows what was printed instead
   */
  public String awaitLine(String prefix) {
    return program.awaitLine(prefix, PATIENCE);
  }

  /** Ends it with SIGKILL, and all that it has started. */
  @Override
  public void close() {
    program.kill();
  }
}
