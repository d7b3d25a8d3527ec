package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** From an HTTP call through the whole server to the frames on the sockets. */
class DeliveryTest {
  private static final String END = "the end";

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start("driver", "memory");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aUserIsReachedOnAllHisConnections() {
    try (RawWebSocket phone = server.open("?user=1");
        RawWebSocket laptop = server.open("?user=1");
        RawWebSocket other = server.open("?user=2")) {
      JsonNode receipt = post("{\"to\":{\"user\":\"1\"},\"text\":\"hi\"}");

      assertThat(receipt.get("status").asString()).isEqualTo("accepted");
      assertThat(phone.next().text()).isEqualTo("hi");
      assertThat(laptop.next().text()).isEqualTo("hi");
      assertNothingFor(other);
    }
  }

  @Test
  void severalUsersAreReached() {
    try (RawWebSocket one = server.open("?user=u1");
        RawWebSocket two = server.open("?user=u2");
        RawWebSocket three = server.open("?user=u3")) {
      post("{\"to\":{\"users\":[\"u1\",\"u2\",\"u1\"]},\"text\":\"hi\"}");

      assertThat(one.next().text()).isEqualTo("hi");
      assertThat(two.next().text()).isEqualTo("hi");
      assertNothingFor(one, two, three);
    }
  }

  @Test
  void aTopicIsReached() {
    try (RawWebSocket member = server.open("?topic=orders&topic=caf%C3%A9+1");
        RawWebSocket user = server.open("?user=x&topic=orders");
        RawWebSocket other = server.open("?topic=order")) {
      post("{\"to\":{\"topic\":\"orders\"},\"text\":\"new\"}");

      assertThat(member.next().text()).isEqualTo("new");
      assertThat(user.next().text()).isEqualTo("new");
      post("{\"to\":{\"topic\":\"café 1\"},\"text\":\"open\"}");
      assertThat(member.next().text()).isEqualTo("open");
      assertNothingFor(member, user, other);
    }
  }

  @Test
  void everyoneIsReached() {
    try (RawWebSocket anonymous = server.open("");
        RawWebSocket user = server.open("?user=e")) {
      post("{\"to\":{\"everyone\":true},\"text\":\"all\"}");

      assertThat(anonymous.next().text()).isEqualTo("all");
      assertThat(user.next().text()).isEqualTo("all");
    }
  }

  @Test
  void oneConnectionIsReachedOrLeftOut() {
    try (RawWebSocket first = server.open("?user=c")) {
      String id = TestServer.json(server.get("/v1/users/c")).get("connections").get(0).asString();
      try (RawWebSocket second = server.open("?user=c")) {
        post("{\"to\":{\"connection\":\"" + id + "\"},\"text\":\"only you\"}");
        assertThat(first.next().text()).isEqualTo("only you");
        post("{\"to\":{\"user\":\"c\"},\"text\":\"not you\",\"except\":[\"" + id + "\"]}");
        assertThat(second.next().text()).isEqualTo("not you");
        assertNothingFor(first, second);
      }
    }
  }

  @Test
  void payloadsArriveByteForByte() {
    byte[] bytes = new byte[70_000];
    new Random(1).nextBytes(bytes);
    bytes[0] = 0;
    bytes[bytes.length - 1] = 0;
    String text = "a\u0000b\u007f\u2028é€😀\ud83d\udc69\u200d\ud83d\ude80";
    try (RawWebSocket client = server.open("?user=b")) {
      post("{\"to\":{\"user\":\"b\"},\"text\":\"a\\u0000b\u007f\u2028é€😀👩‍🚀\"}");
      RawWebSocket.Frame frame = client.next();
      assertThat(frame.opcode()).isEqualTo(RawWebSocket.TEXT);
      assertThat(frame.payload()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));

      String base64 = Base64.getEncoder().encodeToString(bytes);
      post("{\"to\":{\"user\":\"b\"},\"base64\":\"" + base64 + "\"}");
      frame = client.next();
      assertThat(frame.opcode()).isEqualTo(RawWebSocket.BINARY);
      assertThat(frame.payload()).isEqualTo(bytes);

      post("{\"to\":{\"user\":\"b\"},\"text\":\"\"}");
      assertThat(client.next().payload()).isEmpty();
    }
  }

  @Test
  void theClientOfTheJdkIsServed() {
    CompletableFuture<String> heard = new CompletableFuture<>();
    WebSocket client =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(
                URI.create("ws://localhost:" + server.port() + "/ws?user=jdk"),
                new WebSocket.Listener() {
                  @Override
                  public @Nullable CompletionStage<?> onText(
                      WebSocket socket, CharSequence text, boolean last) {
                    heard.complete(text.toString());
                    return null;
                  }
                })
            .join();
    post("{\"to\":{\"user\":\"jdk\"},\"text\":\"hi 😀\"}");

    assertThat(heard).succeedsWithin(Duration.ofSeconds(30)).isEqualTo("hi 😀");
    client.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
  }

  @Test
  void jsonArrivesCompactWithItsNumbersAsTheyWere() {
    try (RawWebSocket client = server.open("?user=j")) {
      post(
          """
          {"to": {"user": "j"}, "json": { "type" : "paid" ,
            "amounts": [ 1.10, 1e400, -0, 12345678901234567890123 ], "x": {"ü": null, "t": true},
            "text": "a\\"\\n😀" } }
          """);
      assertThat(client.next().text())
          .isEqualTo(
              "{\"type\":\"paid\",\"amounts\":[1.10,1e400,-0,12345678901234567890123],"
                  + "\"x\":{\"ü\":null,\"t\":true},\"text\":\"a\\\"\\n😀\"}");
      post("{\"to\":{\"user\":\"j\"},\"json\":[]}");
      assertThat(client.next().text()).isEqualTo("[]");
      post("{\"to\":{\"user\":\"j\"},\"json\":17}");
      assertThat(client.next().text()).isEqualTo("17");
    }
  }

  @Test
  void whatClientsSayGoesWhereTheConfigurationSays() {
    try (RawWebSocket silent = server.open("?user=i")) {
      silent.say("nobody hears this");
      assertNothingFor(silent);
    }
    try (TestServer chat = TestServer.start("inbound", "everyone");
        RawWebSocket ann = chat.open("?user=ann");
        RawWebSocket bob = chat.open("")) {
      ann.say("hello 😀");
      assertThat(ann.next().text()).isEqualTo("hello 😀");
      assertThat(bob.next().text()).isEqualTo("hello 😀");
      bob.send(RawWebSocket.BINARY, new byte[] {0, -1});
      assertThat(ann.next().payload()).containsExactly(0, -1);
    }
    try (TestServer rooms = TestServer.start("inbound", "topic");
        RawWebSocket ann = rooms.open("?topic=t");
        RawWebSocket bob = rooms.open("?topic=t");
        RawWebSocket outside = rooms.open("")) {
      ann.say("hello");
      assertThat(bob.next().text()).isEqualTo("hello");
      outside.say("hello?");
      assertThat(outside.next().closeCode()).isEqualTo(1008);
    }
  }

  @Test
  void whoSaysTooMuchIsClosed() {
    try (TestServer chat = TestServer.start("inbound", "everyone", "inbound.rate", "2");
        RawWebSocket listener = chat.open("");
        RawWebSocket ann = chat.open("")) {
      for (int i = 0; i < 20; i++) {
        ann.say("again");
      }
      RawWebSocket.Frame frame = ann.next();
      while (frame.opcode() != RawWebSocket.CLOSE) {
        frame = ann.next();
      }
      assertThat(frame.closeCode()).isEqualTo(4429);
      assertThat(listener.next().text()).isEqualTo("again");
    }
  }

  @Test
  void severalServersInOneProcessAreApartOrTogetherAsTheDriverSays() {
    try (TestServer other = TestServer.start();
        RawWebSocket here = server.open("?user=p");
        RawWebSocket there = other.open("?user=p")) {
      other.post("/v1/messages", "{\"to\":{\"user\":\"p\"},\"text\":\"from the other\"}");
      assertThat(there.next().text()).isEqualTo("from the other");
      assertThat(here.next().text()).isEqualTo("from the other");
    }
  }

  private static JsonNode post(String body) {
    var response = server.post("/v1/messages", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    return TestServer.json(response);
  }

  /** Order is kept, so what comes after it would have come before. */
  private static void assertNothingFor(RawWebSocket... clients) {
    post("{\"to\":{\"everyone\":true},\"text\":\"" + END + "\"}");
    for (RawWebSocket client : clients) {
      assertThat(client.next().text()).isEqualTo(END);
    }
  }
}
