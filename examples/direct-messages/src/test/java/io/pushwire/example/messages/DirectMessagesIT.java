package io.pushwire.example.messages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.ChildJvm;
import io.pushwire.testkit.RabbitMqServer;
import io.pushwire.testkit.RedisServer;
import io.pushwire.testkit.WebSocketClient;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes in JVMs of their own, on each driver in turn. */
class DirectMessagesIT {
  private static final String LISTENING = "Listening on port ";

  private static RedisServer redis;
  private static RabbitMqServer rabbitMq;

  @BeforeAll
  static void startBrokers() {
    redis = Brokers.redis();
    rabbitMq = RabbitMqServer.shared();
  }

  @AfterAll
  static void stopBrokers() {
    redis.close();
    rabbitMq.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis-pubsub", "redis-queue", "rabbitmq"})
  void whatAnnaSaysOnOneNodeReachesWhomSheMeansOnTheOther(String driver) {
    try (ChildJvm one = start(driver);
        ChildJvm two = start(driver)) {
      int portOfOne = port(one);
      int portOfTwo = port(two);
      WebSocketClient anna = open(portOfOne, "anna");
      String annasId = idIn(anna, "anna");
      WebSocketClient bob = open(portOfTwo, "bob");
      String bobsId = idIn(bob, "bob");
      assertThat(anna.next()).isEqualTo("bob is here");

      anna.send("{\"user\":\"bob\"}\nhello bob");
      assertThat(bob.next()).isEqualTo("hello bob");
      bob.send("{\"connection\":\"" + annasId + "\"}\nhello, whoever you are");
      assertThat(anna.next()).isEqualTo("hello, whoever you are");
      anna.send("{\"users\":[\"anna\",\"bob\"]}\nboth of us");
      assertThat(anna.next()).isEqualTo("both of us");
      assertThat(bob.next()).isEqualTo("both of us");
      bob.send("{\"everyone\":true}\n");
      assertThat(anna.next()).isEqualTo("");
      assertThat(bob.next()).isEqualTo("");
      anna.send(
          binary("{\"connection\":\"" + bobsId + "\"}\n", (byte) 0, (byte) 0xFF, (byte) '\n'));
      assertThat(bob.next()).isEqualTo(new byte[] {0, (byte) 0xFF, '\n'});

      anna.send("bob, are you there?");
      assertThat((String) anna.next()).startsWith("not sent: ");
      bob.close();
      assertThat(anna.next()).isEqualTo("bob has gone");
      assertThat(anna.waiting()).isZero();
      anna.close();
    }
  }

  private static String idIn(WebSocketClient client, String user) {
    String greeting = (String) client.next();
    String before = "you are " + user + ", connection ";
    assertThat(greeting).startsWith(before);
    return greeting.substring(before.length());
  }

  private static byte[] binary(String line, byte... rest) {
    byte[] first = line.getBytes(UTF_8);
    byte[] all = Arrays.copyOf(first, first.length + rest.length);
    System.arraycopy(rest, 0, all, first.length, rest.length);
    return all;
  }

  private static ChildJvm start(String driver) {
    String uri = driver.startsWith("redis") ? redis.uri() : rabbitMq.uri();
    return ChildJvm.start(
        DirectMessages.class, "0", "driver=" + driver, "driver." + driver + ".uri=" + uri);
  }

  private static int port(ChildJvm node) {
    String line = node.awaitLine(LISTENING, Duration.ofSeconds(60));
    return Integer.parseInt(line.substring(LISTENING.length()));
  }

  private static WebSocketClient open(int port, String user) {
    return WebSocketClient.open(URI.create("ws://127.0.0.1:" + port + "/ws?user=" + user));
  }
}
