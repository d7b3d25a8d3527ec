package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.RabbitMqServer;
import io.pushwire.testkit.RedisServer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens, keys, secrets and payloads reach no log, whatever its level and whatever goes wrong. */
class LogsIT {
  private static final String KEY = "key-that-must-not-be-seen-0123456789";
  private static final String SECRET = "secret-that-must-not-be-seen-0123456789";
  private static final String PAYLOAD = "payload-that-must-not-be-seen";

  private final List<String> hidden = new ArrayList<>(List.of(KEY, SECRET, PAYLOAD));

  @Test
  void withTheMemoryDriver() throws Exception {
    assertNothingIsSeen();
  }

  @Test
  void withRedis() throws Exception {
    try (RedisServer redis = Brokers.redis()) {
      assertNothingIsSeen("driver=redis-pubsub", "driver.redis-pubsub.uri=" + redis.uri());
    }
  }

  @Test
  void withRabbitMq() throws Exception {
    try (RabbitMqServer rabbit = RabbitMqServer.open()) {
      assertNothingIsSeen("driver=rabbitmq", "driver.rabbitmq.uri=" + rabbit.uri());
    }
  }

  private void assertNothingIsSeen(String... driver) throws Exception {
    List<String> settings = new ArrayList<>(Arrays.asList(driver));
    settings.addAll(
        List.of(
            "server.port=0",
            "auth=jwt",
            "auth.jwt.secret=" + SECRET,
            "api.key=" + KEY,
            "log.access=true",
            "inbound=everyone",
            "message.max-size=1000"));
    try (Program program =
        Program.startLoud(settings.stream().map(s -> "--set=" + s).toArray(String[]::new))) {
      int port = program.port();
      speak(port);
      askWrongly(port);
      program.signal("TERM");
      String output = program.output();

      assertThat(output).contains("DEBUG io.pushwire", "FINEST: ", "A handshake is refused");
      List<String> seen =
          output
              .lines()
              .filter(line -> hidden.stream().anyMatch(line::contains))
              .map(line -> line.substring(0, Math.min(line.length(), 300)))
              .toList();
      assertThat(seen).isEmpty();
    }
  }

  /** What goes well. */
  private void speak(int port) throws IOException, InterruptedException {
    String token = token(SECRET);
    for (String[] way :
        new String[][] {
          {"?topic=t&token=" + token, ""},
          {"", "Authorization: Bearer " + token + "\r\n"},
          {"", "Sec-WebSocket-Protocol: pushwire, bearer." + token + "\r\n"}
        }) {
      try (RawWebSocket client = RawWebSocket.open(port, "/ws" + way[0], way[1])) {
        for (String to : List.of("{\"user\":\"ann\"}", "{\"everyone\":true}")) {
          assertThat(post(port, KEY, body(to, PAYLOAD))).isEqualTo(202);
          assertThat(client.next().text()).isEqualTo(PAYLOAD);
        }
        client.say(PAYLOAD + " from a client");
        assertThat(client.next().text()).startsWith(PAYLOAD);
        client.say(PAYLOAD.repeat(100));
        assertThat(client.next().closeCode()).isEqualTo(1009);
      }
    }
  }

  /** What goes wrong, each time with something in it that must not be seen. */
  private void askWrongly(int port) throws IOException, InterruptedException {
    String expired = Tokens.signed(Tokens.of("ann").expirationTime(Tokens.in(-99)), SECRET);
    String strangers = token("another-secret-that-is-long-enough-too");
    hidden.add(expired);
    for (String token : List.of(expired, strangers, strangers + "x", "x" + strangers, PAYLOAD)) {
      for (String[] way :
          new String[][] {
            {"/ws?token=" + token, ""},
            {"/nowhere?token=" + token, ""},
            {"/ws?token=%&token=" + token, ""},
            {"/ws", "Authorization: Bearer " + token + "\r\n"},
            {"/ws", "Sec-WebSocket-Protocol: pushwire, bearer." + token + "\r\n"}
          }) {
        assertThat(raw(port, RawWebSocket.request(way[0], port, way[1] + "Connection: close\r\n")))
            .matches("(?s)HTTP/1.1 4\\d\\d .*")
            .doesNotContain(token);
      }
    }
    assertThat(post(port, KEY + "x", body("{\"user\":\"ann\"}", PAYLOAD))).isEqualTo(401);
    assertThat(post(port, KEY, "{\"text\":\"" + PAYLOAD)).isEqualTo(400);
    assertThat(post(port, KEY, PAYLOAD)).isEqualTo(400);
    assertThat(post(port, KEY, body("{\"nobody\":true}", PAYLOAD))).isEqualTo(400);
    assertThat(post(port, KEY, body("{\"user\":\"ann\"}", PAYLOAD.repeat(100)))).isEqualTo(413);
    assertThat(raw(port, "GET /" + KEY + " HTTP/9.9\r\n" + KEY + "\r\n\r\n")).contains(" 400 ");
    assertThat(raw(port, "GET / HTTP/1.1\r\nHost: h\r\nX: " + (KEY + ",").repeat(999) + "\r\n\r\n"))
        .contains(" 431 ");
  }

  private String token(String secret) {
    String token = Tokens.signed(Tokens.of("ann", "t"), secret);
    hidden.add(token);
    hidden.add(token.substring(token.lastIndexOf('.') + 1));
    return token;
  }

  private static String body(String to, String text) {
    return "{\"to\":" + to + ",\"text\":\"" + text + "\"}";
  }

  private static int post(int port, String key, String body)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/messages"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + key)
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString())
        .statusCode();
  }

  private static String raw(int port, String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
