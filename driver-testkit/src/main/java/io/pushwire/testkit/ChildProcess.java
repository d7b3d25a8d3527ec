package io.pushwire.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A process that never outlives this JVM, however the JVM ends. Its parent is a small shell which
 * watches a pipe from here: when the pipe closes, by {@link #kill} or because the JVM was killed
 * itself, the shell kills the process and all of its group.
 */
final class ChildProcess implements AutoCloseable {
  /** In a session of its own, so that Ctrl-C on the terminal ends it by way of the shell only. */
  private static final String GUARD =
      """
      exec 3<&0
      group=-
      if command -v setsid >/dev/null; then setsid "$@" </dev/null 3<&- &
      else group=; "$@" </dev/null 3<&- &
      fi
      child=$!
      exec 2>/dev/null
      echo $child
      trap 'kill -9 $group$child' INT TERM HUP
      { while read -r line; do :; done; kill -9 $group$child; } <&3 >&- &
      watch=$!
      exec >&-
      wait $child
      code=$?
      while [ $code -gt 128 ] && kill -0 $child 2>/dev/null; do wait $child; code=$?; done
      kill $watch
      exit $code
      """;

  private static final Set<String> STOP_SIGNALS = Set.of("STOP", "CONT", "KILL", "TERM");

  private final Process shell;
  private final BufferedReader output;
  private final long pid;

  private ChildProcess(Process shell) throws IOException {
    this.shell = shell;
    this.output =
        new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8));
    String line = output.readLine();
    if (line == null) {
      throw new IOException("The shell that guards a child process ended at once");
    }
    this.pid = Long.parseLong(line);
  }

  /**
   * @param directory where it runs
   * @param environment added to this JVM's
   * @param log takes what it prints; null: {@link #output} does
   * @param command the program, which must exist, and its arguments
   */
  static ChildProcess start(
      Path directory, Map<String, String> environment, @Nullable Path log, List<String> command) {
    List<String> all = new ArrayList<>(List.of("sh", "-c", GUARD, "guard"));
    if (log != null) {
      all.addAll(List.of("sh", "-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1", "log"));
      all.add(log.toString());
    }
    all.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(all);
    builder.directory(directory.toFile()).redirectError(Redirect.INHERIT);
    builder.environment().putAll(environment);
    try {
      return new ChildProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("Could not start " + command, e);
    }
  }

  long pid() {
    return pid;
  }

  boolean isAlive() {
    return shell.isAlive();
  }

  /** What it prints, if there is no log; the end of the stream when it has ended. */
  BufferedReader output() {
    return output;
  }

  /** Stops the process where it is, as a long pause of a machine would; returns when it is. */
  void pause() {
    signal("STOP");
    Wait.until(this::standsStill, () -> "process " + pid + " runs on");
  }

  /**
   * A stop that is on its way has not stopped anything: on a busy machine other threads run on
   * until the one that has to take the signal gets its turn. Where the system does not tell (no
   * {@code /proc}), nothing is waited for.
   */
  private boolean standsStill() {
    Path threads = Path.of("/proc", String.valueOf(pid), "task");
    if (!Files.isDirectory(threads)) {
      return true;
    }
    try (Stream<Path> all = Files.list(threads)) {
      return all.allMatch(ChildProcess::standsStill);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean standsStill(Path thread) {
    try {
      String stat = Files.readString(thread.resolve("stat"));
      char state = stat.charAt(stat.lastIndexOf(')') + 2);
      return state != 'R' && state != 'S' && state != 'D';
    } catch (IOException ended) {
      return true;
    }
  }

  void resume() {
    signal("CONT");
  }

  /** Ends it with SIGKILL, and all that it started; returns when it is gone. */
  void kill() {
    Set<ProcessHandle> descendants =
        ProcessHandle.of(pid).stream()
            .flatMap(ProcessHandle::descendants)
            .collect(Collectors.toSet());
    try {
      shell.getOutputStream().close();
      if (!shell.waitFor(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("Process " + pid + " does not end");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while process " + pid + " was killed", e);
    } finally {
      descendants.forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** The same as {@link #kill}. */
  @Override
  public void close() {
    kill();
  }

  private void signal(String signal) {
    if (!STOP_SIGNALS.contains(signal)) {
      throw new IllegalArgumentException(signal);
    }
    run("sh", "-c", "kill -" + signal + " " + pid);
  }

  /** Runs a short command to its end and returns what it printed. */
  static String run(String... command) {
    return run(Path.of("."), Map.of(), command);
  }

  static String run(Path directory, Map<String, String> environment, String... command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectInput(Redirect.from(new java.io.File("/dev/null")));
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(Arrays.toString(command) + " failed: " + printed.strip());
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
