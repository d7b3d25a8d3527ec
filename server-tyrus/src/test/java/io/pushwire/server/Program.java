package io.pushwire.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The server in a JVM of its own. */
final class Program implements AutoCloseable {
  private static final Pattern ADDRESS =
      Pattern.compile("Pushwire is running.* {2}http://127.0.0.1:(\\d+)/");

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /**
   * @param exitCode how it ended
   * @param out what it wrote to standard output
   * @param err what it wrote to standard error
   */
  record Result(int exitCode, String out, String err) {}

  private final Process process;
  private final StringBuffer out = new StringBuffer();
  private final StringBuffer err = new StringBuffer();
  private final List<CompletableFuture<Void>> readers;
  private int port; // once it is known

  private Program(Process process) {
    this.process = process;
    readers =
        List.of(
            CompletableFuture.runAsync(() -> copy(process.getInputStream(), out)),
            CompletableFuture.runAsync(() -> copy(process.getErrorStream(), err)));
  }

  static Program start(Map<String, String> environment, String... arguments) {
    return start(128, environment, arguments);
  }

  /**
   * @param heap the most megabytes that its heap may have
   */
  static Program start(int heap, Map<String, String> environment, String... arguments) {
    return start(heap, List.of("-Dlogback.configurationFile=logback.xml"), environment, arguments);
  }

  /** With every logger there is at its finest level. */
  static Program startLoud(String... arguments) throws URISyntaxException {
    URL julConfig = Program.class.getResource("loud-jul.properties");
    return start(
        128,
        List.of(
            "-Dlogback.configurationFile=io/pushwire/server/loud-logback.xml",
            "-Djava.util.logging.config.file=" + Path.of(julConfig.toURI())),
        Map.of(),
        arguments);
  }

  private static Program start(
      int heap, List<String> logging, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(
        List.of("-Xmx" + heap + "m", "-XX:+ExitOnOutOfMemoryError", "-XX:TieredStopAtLevel=1"));
    command.addAll(logging);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add("io.pushwire.server.Main");
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("PUSHWIRE_"));
    builder.environment().putAll(environment);
    try {
      return new Program(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Result run(String... arguments) {
    return run(Map.of(), arguments);
  }

  static Result run(Map<String, String> environment, String... arguments) {
    try (Program program = start(environment, arguments)) {
      if (!program.process.waitFor(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("Still running: " + program.out + program.err);
      }
      program.readers.forEach(CompletableFuture::join);
      return new Result(
          program.process.exitValue(), program.out.toString(), program.err.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Process process() {
    return process;
  }

  String err() {
    return err.toString();
  }

  /** All that it wrote until it ended, which this waits for. */
  String output() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("Still running");
    }
    readers.forEach(CompletableFuture::join);
    return out + "\n" + err;
  }

  /** Waits for the line that says where it listens. */
  int port() {
    if (port == 0) {
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> ADDRESS.matcher(out).find());
      Matcher matcher = ADDRESS.matcher(out);
      matcher.find();
      port = Integer.parseInt(matcher.group(1));
    }
    return port;
  }

  HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  HttpResponse<String> post(String path, String json) {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  void awaitErr(String text) {
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> err.indexOf(text) >= 0);
  }

  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  private static void copy(InputStream from, StringBuffer to) {
    byte[] bytes = new byte[4096];
    try (from) {
      for (int n = from.read(bytes); n >= 0; n = from.read(bytes)) {
        to.append(new String(bytes, 0, n, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
