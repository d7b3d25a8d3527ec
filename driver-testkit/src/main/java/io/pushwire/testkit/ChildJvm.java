package io.pushwire.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A JVM that runs a test's {@code main} with this JVM's class path, to be killed or paused as a
 * node's machine would be. It ends with this JVM at the latest. What it prints is read here, line
 * by line.
 *
 * @since 0.1
 */
public final class ChildJvm implements AutoCloseable {
  private static final String END = "\0";

  private final ChildProcess process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> printed = new ArrayList<>(); // only the caller's thread

  private ChildJvm(ChildProcess process) {
    this.process = process;
    Thread reader = new Thread(this::read, "child-jvm-output");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * @param main the class with the {@code main} method
   * @param arguments what it gets
   * @return the JVM, which may still be starting: let it print a line when it is ready
   */
  public static ChildJvm start(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    // surefire may hide the real class path in the manifest of a jar
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", ""));
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return new ChildJvm(ChildProcess.start(Path.of("."), Map.of(), null, command));
  }

  /** A JVM that a program of its own has started. */
  static ChildJvm of(ChildProcess process) {
    return new ChildJvm(process);
  }

  private void read() {
    try (BufferedReader output = process.output()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("(its output broke off: " + e + ")");
    }
    lines.add(END);
  }

  /**
   * Waits for a line that begins with a text, and drops those before it.
   *
   * @param prefix the text
   * @param timeout how long
   * @return the line
   * @throws IllegalStateException if it does not come; shows what was printed instead
   */
  public String awaitLine(String prefix, Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    try {
      while (true) {
        String line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (line == null || line.equals(END)) {
          throw new IllegalStateException(
              "The process "
                  + (line == null ? "did not print '" : "ended without printing '")
                  + prefix
                  + "', but:\n"
                  + String.join("\n", printed));
        }
        printed.add(line);
        if (line.startsWith(prefix)) {
          return line;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * @return its process id
   */
  public long pid() {
    return process.pid();
  }

  /**
   * @return whether it still runs
   */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Stops it where it is (SIGSTOP). */
  public void pause() {
    process.pause();
  }

  /** Ends {@link #pause} (SIGCONT). */
  public void resume() {
    process.resume();
  }

  /** Ends it with SIGKILL; returns when it is gone. */
  public void kill() {
    process.kill();
  }

  /** The same as {@link #kill}. */
  @Override
  public void close() {
    process.kill();
  }
}
