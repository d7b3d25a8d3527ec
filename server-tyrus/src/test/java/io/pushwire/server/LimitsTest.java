package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code limits.*}: how many connections a node takes, of whom, from where, and how fast. */
class LimitsTest {
  @Test
  void aUserHasSoManyConnections() {
    try (TestServer server = TestServer.start("limits.connections-per-user", "2")) {
      RawWebSocket first = server.open("?user=ann");
      RawWebSocket second = server.open("?user=ann");
      assertThat(server.refusal("?user=ann", ""))
          .startsWith("HTTP/1.1 429 ")
          .containsIgnoringCase("retry-after: 10\r\n")
          .containsIgnoringCase("content-type: application/problem+json")
          .contains("This user has");
      // nobody else is concerned, least of all those without a user
      server.open("?user=bob").close();
      server.open("").close();
      server.open("").close();
      server.open("").close();

      first.hangUp();
      awaitPlace(server, "?user=ann").close();
      second.hangUp();
    }
  }

  @Test
  void whatTheTokenSaysIsCounted() {
    try (TestServer server =
        TestServer.start(
            "auth", "jwt", "auth.jwt.secret", Tokens.SECRET, "limits.connections-per-user", "1")) {
      String query = "?token=" + Tokens.signed(Tokens.of("ann"));
      try (RawWebSocket only = server.open(query)) {
        assertThat(server.refusal(query, "")).startsWith("HTTP/1.1 429 ");
        server.open("?token=" + Tokens.signed(Tokens.of("bob"))).close();
        only.hangUp();
      }
      awaitPlace(server, query).close();
    }
  }

  @Test
  void anAddressHasSoManyConnections() {
    try (TestServer server = TestServer.start("limits.connections-per-address", "2")) {
      RawWebSocket first = server.open("?user=ann");
      RawWebSocket second = server.open("");
      assertThat(server.refusal("?user=bob", ""))
          .startsWith("HTTP/1.1 429 ")
          .containsIgnoringCase("retry-after: 10\r\n")
          .contains("one address");
      // the refused one took nothing from his user's places
      first.hangUp();
      awaitPlace(server, "?user=bob").close();
      second.hangUp();
    }
  }

  /** Each is opened by what the proxy 127.0.0.1 says, up to two of an address. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X-Forwarded-For: 1.1.1.1            | X-Forwarded-For: 1.1.1.2               | false",
        "X-Forwarded-For: 1.1.1.1            | x-forwarded-for: 1.1.1.1               | true",
        "X-Forwarded-For: 1.1.1.1            | X-Forwarded-For: 9.9.9.9, 1.1.1.1      | true",
        "X-Forwarded-For: 1.1.1.1            | X-Forwarded-For: 1.1.1.1, 2.2.2.2      | false",
        "X-Forwarded-For: 1.1.1.1            | X-Forwarded-For: 1.1.1.1, 10.7.7.7     | true",
        "X-Forwarded-For: 1.1.1.1            | X-Forwarded-For: 1.1.1.1:5432          | true",
        "X-Forwarded-For: 1.1.1.1            | Forwarded: for=1.1.1.1;proto=https     | true",
        "X-Forwarded-For: 1.1.1.1            | Forwarded: by=3.3.3.3;For=\"1.1.1.1:80\" | true",
        "X-Forwarded-For: 1.1.1.1            | Forwarded: for=1.1.1.1, for=2.2.2.2    | false",
        "X-Forwarded-For: 1.1.1.1            | X-Forwarded-For: unknown               | false",
        "X-Forwarded-For: unknown            | Forwarded: for=_hidden                 | true",
        "X-Forwarded-For: unknown            | X-Other: 1                             | true",
        "X-Forwarded-For: 2001:db8:1:2::1    | X-Forwarded-For: 2001:db8:1:2:3::4     | true",
        "X-Forwarded-For: 2001:db8:1:2::1    | X-Forwarded-For: 2001:db8:1:3::1       | false",
        "X-Forwarded-For: 2001:db8:1:2::1    | Forwarded: for=\"[2001:db8:1:2::9]:47\"  | true",
      })
  void theAddressIsWhatTrustedProxiesSay(String two, String third, boolean same) {
    try (TestServer server =
            TestServer.start(
                "auth", "jwt",
                "auth.jwt.secret", Tokens.SECRET,
                "limits.connections-per-address", "2",
                "server.trusted-proxies", "127.0.0.1, 10.0.0.0/8");
        RawWebSocket first = server.open(token("a"), two + "\r\n");
        RawWebSocket second = server.open(token("b"), two + "\r\n")) {
      if (same) {
        assertThat(server.refusal(token("c"), third + "\r\n")).startsWith("HTTP/1.1 429 ");
      } else {
        server.open(token("c"), third + "\r\n").close();
      }
      assertThat(server.refusal(token("d"), two + "\r\n")).startsWith("HTTP/1.1 429 ");
      first.hangUp();
      second.hangUp();
    }
  }

  @Test
  void aProxyThatLetsBothHeadersThroughIsToldSo() {
    try (TestServer server =
        TestServer.start(
            "auth", "jwt",
            "auth.jwt.secret", Tokens.SECRET,
            "server.trusted-proxies", "127.0.0.1")) {
      assertThat(
              server.refusal(token("a"), "X-Forwarded-For: 1.1.1.1\r\nForwarded: for=2.2.2.2\r\n"))
          .startsWith("HTTP/1.1 400 ")
          .contains("X-Forwarded-For or Forwarded");
    }
  }

  @Test
  void strangersAreNotBelieved() {
    try (TestServer server =
            TestServer.start(
                "auth", "jwt",
                "auth.jwt.secret", Tokens.SECRET,
                "limits.connections-per-address", "1",
                "server.trusted-proxies", "10.0.0.0/8");
        RawWebSocket first = server.open(token("a"), "X-Forwarded-For: 1.1.1.1\r\n")) {
      assertThat(server.refusal(token("b"), "X-Forwarded-For: 1.1.1.2\r\n"))
          .startsWith("HTTP/1.1 429 ");
      first.hangUp();
    }
  }

  @Test
  void soManyHandshakesInASecond() {
    try (TestServer server = TestServer.start("limits.handshakes-per-second", "3")) {
      List<String> answers = new ArrayList<>();
      long start = System.nanoTime();
      List<RawWebSocket> clients = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        RawWebSocket client = RawWebSocket.ask(server.port(), "/ws", "");
        clients.add(client);
        answers.add(client.readAnswer());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      clients.forEach(RawWebSocket::hangUp);

      List<String> refused =
          answers.stream().filter(answer -> !answer.startsWith("HTTP/1.1 101 ")).toList();
      assertThat(40 - refused.size()).isBetween(3, (int) (3 + 3 * seconds + 1));
      assertThat(refused)
          .isNotEmpty()
          .allSatisfy(
              answer ->
                  assertThat(answer)
                      .startsWith("HTTP/1.1 429 ")
                      .containsIgnoringCase("retry-after: 1\r\n"));
      awaitPlace(server, "").close();
    }
  }

  /** Whoever is refused, for whatever reason, gives back what he had taken. */
  @Test
  void refusedHandshakesLeaveNothingBehind() {
    try (TestServer server =
        TestServer.start("limits.connections", "4", "limits.connections-per-user", "2")) {
      RawWebSocket first = server.open("?user=ann");
      RawWebSocket second = server.open("?user=ann");
      for (int i = 0; i < 20; i++) {
        assertThat(server.refusal("?user=ann", "")).startsWith("HTTP/1.1 429 ");
        assertThat(server.refusal("?user=", "")).startsWith("HTTP/1.1 400 ");
      }
      RawWebSocket third = server.open("?user=bob");
      RawWebSocket fourth = server.open("");
      for (int i = 0; i < 20; i++) {
        assertThat(server.refusal("?user=bob", "")).startsWith("HTTP/1.1 503 ");
      }
      fourth.hangUp();
      awaitPlace(server, "?user=bob").hangUp();
      List.of(first, second, third).forEach(RawWebSocket::hangUp);
      for (int i = 0; i < 20; i++) {
        awaitPlace(server, "?user=ann").hangUp();
      }
      await().until(() -> server.server().node().registry().size() == 0);
    }
  }

  private static String token(String user) {
    return "?token=" + Tokens.signed(Tokens.of(user));
  }

  /** Opens one as soon as the server has noticed that another has gone. */
  private static RawWebSocket awaitPlace(TestServer server, String query) {
    RawWebSocket[] client = new RawWebSocket[1];
    await()
        .until(
            () -> {
              RawWebSocket asked = RawWebSocket.ask(server.port(), "/ws" + query, "");
              client[0] = asked;
              if (asked.readAnswer().startsWith("HTTP/1.1 101 ")) {
                return true;
              }
              asked.hangUp();
              return false;
            });
    return client[0];
  }
}
