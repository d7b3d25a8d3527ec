package io.pushwire.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server on a free port, and the calls that tests make. */
final class TestServer implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final PushwireServer server;

  private TestServer(PushwireServer server) {
    this.server = server;
  }

  static TestServer start(String... keysAndValues) {
    Map<String, String> settings = new HashMap<>(Map.of("server.port", "0"));
    for (int i = 0; i < keysAndValues.length; i += 2) {
      settings.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return new TestServer(PushwireServer.start(ServerConfig.of(settings)));
  }

  PushwireServer server() {
    return server;
  }

  int port() {
    return server.port();
  }

  RawWebSocket open(String query) {
    return RawWebSocket.open(port(), "/ws" + query);
  }

  /** A WebSocket, with more headers, each with its line end. */
  RawWebSocket open(String query, String moreHeaders) {
    return RawWebSocket.open(port(), "/ws" + query, moreHeaders);
  }

  /** What a handshake is refused with. */
  String refusal(String query, String moreHeaders) {
    return raw(RawWebSocket.request("/ws" + query, port(), "Connection: close\r\n" + moreHeaders));
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  HttpResponse<String> post(String path, String json) {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  HttpResponse<String> call(String method, String path) {
    return send(HttpRequest.newBuilder(uri(path)).method(method, BodyPublishers.noBody()));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Sends bytes as they stand, and reads until the server closes. */
  String raw(String request) {
    try (Socket socket = new Socket("127.0.0.1", port())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends bytes as they stand, and reads the first line of the answer. */
  String rawHead(String request) {
    try (Socket socket = new Socket("127.0.0.1", port())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
          .readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A GET with these headers, each with its line end. */
  String rawGet(String path, String headers) {
    return raw("GET " + path + " HTTP/1.1\r\nConnection: close\r\n" + headers + "\r\n");
  }

  static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  @Override
  public void close() {
    server.close();
  }
}
