package io.pushwire.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The reference server as users start it: its distribution, unpacked, in a process of its own that
 * ends with this JVM at the latest.
 *
 * @since 0.1
 */
public final class ServerProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final String STARTED = "  Pushwire is running";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ChildJvm program;
  private final URI uri;

  private ServerProcess(ChildJvm program) {
    this.program = program;
    String line = program.awaitLine(STARTED, START);
    this.uri = URI.create(line.substring(line.indexOf("http://")).strip());
  }

  /**
   * Unpacks the distribution.
   *
   * @param archive a {@code .tar.gz}, which has one folder in it
   * @param folder where that folder's content goes to; made if it is not there
   */
  public static void unpack(Path archive, Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ChildProcess.run(
        "tar", "-xzf", archive.toString(), "-C", folder.toString(), "--strip-components", "1");
  }

  /**
   * Starts the server on a free port of the loopback address.
   *
   * @param home where the distribution was unpacked
   * @param arguments more of its arguments, such as {@code --config} and a file
   * @return the server, which takes connections
   * @throws IllegalStateException if it does not start
   */
  public static ServerProcess start(Path home, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin").resolve("pushwire").toAbsolutePath().toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("--set", "server.port=0"));
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME",
            System.getProperty("java.home"),
            "JAVA_OPTS",
            "-Xmx128m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    return new ServerProcess(ChildJvm.of(ChildProcess.start(home, environment, null, command)));
  }

  /**
   * @return where it is reached, with a slash at the end
   */
  public URI uri() {
    return uri;
  }

  /**
   * Opens a WebSocket.
   *
   * @param query such as {@code ?user=42}
   * @return the client
   */
  public WebSocketClient open(String query) {
    return WebSocketClient.open(URI.create("ws" + uri.toString().substring(4) + "ws" + query));
  }

  /**
   * Sends a message, as a backend does.
   *
   * @param json the body of {@code POST /v1/messages}
   * @return the answer's body, behind its status: {@code 202 {"id":…}}
   */
  public String post(String json) {
    return send(
        HttpRequest.newBuilder(uri.resolve("v1/messages"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  /**
   * Asks for something.
   *
   * @param path without the first slash, such as {@code v1/users/42}
   * @return the answer's body, behind its status: {@code 200 {"user":…}}
   */
  public String get(String path) {
    return send(HttpRequest.newBuilder(uri.resolve(path)));
  }

  private String send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends it with SIGKILL. */
  @Override
  public void close() {
    program.kill();
  }
}
