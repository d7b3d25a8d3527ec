package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code auth=jwt}: who gets in, as whom, where to, and for how long. */
class JwtTest {
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start("auth", "jwt", "auth.jwt.secret", Tokens.SECRET);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** The roster hears of a departure a little later than the client does. */
  @BeforeEach
  void whoWasThereHasLeft() {
    await().until(() -> !server.server().node().registry().isOnline("ann"));
  }

  @Test
  void theTokenMayComeInEachOfThreeWays() {
    String token = Tokens.signed(Tokens.of("ann"));
    for (String[] way :
        new String[][] {
          {"", "Authorization: Bearer " + token + "\r\n"},
          {"", "authorization: bearer   " + token + "\r\n"},
          {"", "Sec-WebSocket-Protocol: pushwire, bearer." + token + "\r\n"},
          {
            "",
            "Sec-WebSocket-Protocol: bearer." + token + "\r\nSec-WebSocket-Protocol: pushwire\r\n"
          },
          {"?token=" + token, ""},
          {"?user=ann&token=" + token, ""},
        }) {
      try (RawWebSocket client = server.open(way[0], way[1])) {
        assertThat(client.answer()).doesNotContain(token).doesNotContainIgnoringCase("bearer");
        server.post("/v1/messages", "{\"to\":{\"user\":\"ann\"},\"text\":\"hello\"}");
        assertThat(client.next().text()).isEqualTo("hello");
      }
    }
  }

  /** A browser gives up a connection for which none of its subprotocols was selected. */
  @Test
  void theJdksClientGetsInBySubprotocolAndByHeader() throws Exception {
    String token = Tokens.signed(Tokens.of("jdk"));
    WebSocket bySubprotocol =
        connect(builder -> builder.subprotocols("pushwire", "bearer." + token));
    assertThat(bySubprotocol.getSubprotocol()).isEqualTo("pushwire");
    WebSocket byHeader = connect(builder -> builder.header("Authorization", "Bearer " + token));
    assertThat(byHeader.getSubprotocol()).isEmpty();
    assertThat(server.server().node().registry().connections("jdk")).hasSize(2);
    bySubprotocol.abort();
    byHeader.abort();
    assertThatThrownBy(() -> connect(builder -> builder))
        .isInstanceOfSatisfying(
            CompletionException.class,
            e ->
                assertThat(((WebSocketHandshakeException) e.getCause()).getResponse().statusCode())
                    .isEqualTo(401));
  }

  private static WebSocket connect(UnaryOperator<WebSocket.Builder> configuration) {
    return configuration
        .apply(HttpClient.newHttpClient().newWebSocketBuilder())
        .buildAsync(
            URI.create("ws://127.0.0.1:" + server.port() + "/ws"), new WebSocket.Listener() {})
        .join();
  }

  @Test
  void withoutATokenTheAnswerSaysHowToShowOne() {
    assertThat(server.refusal("?user=ann", "Authorization: Basic YTpi\r\n"))
        .startsWith("HTTP/1.1 401 ")
        .containsIgnoringCase("www-authenticate: Bearer realm=\"pushwire\"\r\n")
        .containsIgnoringCase("content-type: application/problem+json")
        .contains("Authorization: Bearer", "pushwire and bearer", "?token=");
  }

  static Stream<Arguments> wrongTokens() throws Exception {
    MACSigner signer = new MACSigner(Tokens.SECRET.getBytes(StandardCharsets.UTF_8));
    String good = Tokens.signed(Tokens.of("ann"));
    String[] parts = good.split("\\.");
    String admin =
        Tokens.signed(Tokens.of("admin"), "another-secret-that-is-long-enough-for-hs256");
    return Stream.of(
        Arguments.of("no token at all", "nonsense", "not a signed JSON Web Token"),
        Arguments.of("empty", "", "not a signed JSON Web Token"),
        Arguments.of("two dots", "..", "not a signed JSON Web Token"),
        Arguments.of(
            "unsigned", new PlainJWT(Tokens.of("ann").build()).serialize(), "not a signed"),
        Arguments.of("signature cut off", parts[0] + "." + parts[1] + ".", "not a signed"),
        Arguments.of(
            "other payload", parts[0] + "." + admin.split("\\.")[1] + "." + parts[2], "signature"),
        Arguments.of("another's secret", admin, "signature is wrong"),
        Arguments.of(
            "another algorithm",
            Tokens.sign(new JWSHeader(JWSAlgorithm.HS384), Tokens.of("ann"), signer),
            "no key for the alg"),
        Arguments.of(
            "unknown critical header",
            Tokens.sign(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                    .criticalParams(Set.of("x"))
                    .customParam("x", 1)
                    .build(),
                Tokens.of("ann"),
                signer),
            "signature"),
        Arguments.of(
            "another type",
            Tokens.sign(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                    .type(new JOSEObjectType("logout+jwt"))
                    .build(),
                Tokens.of("ann"),
                signer),
            "must be a JWT"),
        claims("expired", Tokens.of("ann").expirationTime(Tokens.in(-35)), "has expired"),
        claims("not yet", Tokens.of("ann").notBeforeTime(Tokens.in(60)), "nbf"),
        claims("no exp", new JWTClaimsSet.Builder().subject("ann"), "sub and exp"),
        claims("no sub", new JWTClaimsSet.Builder().expirationTime(Tokens.in(60)), "sub and exp"),
        claims("empty sub", Tokens.of(""), "sub is a user id"),
        claims("control character", Tokens.of("a\nb"), "sub is a user id"),
        claims("topics no list", Tokens.of("ann").claim("topics", 7), "topics"),
        claims("topics no strings", Tokens.of("ann").claim("topics", List.of(7)), "topics"),
        Arguments.of("two of them", good + "&token=" + good, "one token, in one place"));
  }

  private static Arguments claims(String name, JWTClaimsSet.Builder claims, String detail) {
    return Arguments.of(name, Tokens.signed(claims), detail);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongTokens")
  void aWrongTokenIsRefusedBeforeTheHandshake(String name, String token, String detail) {
    assertThat(server.refusal("?token=" + token, ""))
        .startsWith("HTTP/1.1 401 ")
        .containsIgnoringCase(
            "www-authenticate: Bearer realm=\"pushwire\", error=\"invalid_token\"")
        .containsIgnoringCase("content-type: application/problem+json")
        .contains(detail)
        .doesNotContain(token.isEmpty() ? "\u0000" : token);
    assertThat(server.server().node().registry().isOnline("ann")).isFalse();
  }

  /** As many backends have them. */
  @Test
  void aUserIdMayBeANumber() {
    String token = Tokens.signed(Tokens.of("").claim("sub", 42));
    try (RawWebSocket client = server.open("?user=42&token=" + token)) {
      assertThat(server.server().node().registry().connections("42")).hasSize(1);
      client.hangUp();
    }
  }

  @Test
  void aTokenIsNoExcuseForAnotherUser() {
    String token = Tokens.signed(Tokens.of("bob"));

    assertThat(server.refusal("?user=ann&token=" + token, ""))
        .startsWith("HTTP/1.1 403 ")
        .contains("not that of this user");
    assertThat(server.refusal("?user=&token=" + token, "")).startsWith("HTTP/1.1 400 ");
  }

  @ParameterizedTest
  @CsvSource({
    "orders,              orders,            true",
    "orders,              orders2,           false",
    "orders,              order,             false",
    "orders.*,            orders.,           true",
    "orders.*,            orders.eu.1,       true",
    "orders.*,            orders,            false",
    "*.eu,                orders.eu,         true",
    "*.eu,                orders.eu.1,       false",
    "a*b*c,               aXbYbZc,           true",
    "a*b*c,               aXcYb,             false",
    "*,                   anything at all,   true",
    "**,                  x,                 true",
    "Orders,              orders,            false",
  })
  void topicsAreThoseOfTheToken(String pattern, String topic, boolean allowed) {
    String query =
        "?topic="
            + topic.replace(" ", "%20")
            + "&token="
            + Tokens.signed(Tokens.of("tom", "other", pattern));
    if (allowed) {
      try (RawWebSocket client = server.open(query)) {
        server.post("/v1/messages", "{\"to\":{\"topic\":\"" + topic + "\"},\"text\":\"news\"}");
        assertThat(client.next().text()).isEqualTo("news");
      }
    } else {
      assertThat(server.refusal(query, "")).startsWith("HTTP/1.1 403 ").contains("topics");
    }
  }

  @Test
  void withoutTheClaimThereAreNoTopics() {
    assertThat(server.refusal("?topic=t&token=" + Tokens.signed(Tokens.of("tom")), ""))
        .startsWith("HTTP/1.1 403 ");
    assertThat(server.refusal("?topic=t&topic=u&token=" + Tokens.signed(Tokens.of("tom", "t")), ""))
        .startsWith("HTTP/1.1 403 ");
    server.open("?topic=t&token=" + Tokens.signed(Tokens.of("tom").claim("topics", "t"))).close();
  }

  @Test
  void theConnectionEndsWithItsToken() {
    Instant expires = Instant.now().plusSeconds(2);
    String token = Tokens.signed(Tokens.of("eve").expirationTime(Date.from(expires)));
    try (RawWebSocket client = server.open("?token=" + token);
        RawWebSocket other = server.open("?token=" + Tokens.signed(Tokens.of("eve")))) {
      RawWebSocket.Frame frame = client.next();

      assertThat(frame.opcode()).isEqualTo(RawWebSocket.CLOSE);
      assertThat(frame.closeCode()).isEqualTo(4401);
      assertThat(Instant.now())
          .isBetween(expires.minusSeconds(1), expires.plus(Duration.ofSeconds(5)));
      server.post("/v1/messages", "{\"to\":{\"user\":\"eve\"},\"text\":\"still there\"}");
      assertThat(other.next().text()).isEqualTo("still there");
    }
  }

  /** The issuer's clock may be up to half a minute behind. */
  @Test
  void whatHasJustExpiredIsLetInForTheRestOfTheSkew() {
    String token = Tokens.signed(Tokens.of("skew").expirationTime(Tokens.in(-26)));
    try (RawWebSocket client = server.open("?token=" + token)) {
      assertThat(client.next().closeCode()).isEqualTo(4401);
    }
    server.open("?token=" + Tokens.signed(Tokens.of("skew").notBeforeTime(Tokens.in(20)))).close();
  }

  @Test
  void proxiesAndForeignHostsAreFineWhereATokenIsShown() {
    String token = Tokens.signed(Tokens.of("far"));
    String request =
        RawWebSocket.request("/ws?token=" + token, 1, "X-Forwarded-For: 1.2.3.4\r\n")
            .replace("Host: 127.0.0.1:1", "Host: push.example.org");

    assertThat(server.rawHead(request)).startsWith("HTTP/1.1 101 ");
    assertThat(
            server.rawHead(
                request.replace("\r\n\r\n", "\r\nOrigin: https://push.example.org\r\n\r\n")))
        .startsWith("HTTP/1.1 101 ");
    assertThat(
            server.rawHead(request.replace("\r\n\r\n", "\r\nOrigin: https://example.org\r\n\r\n")))
        .startsWith("HTTP/1.1 403 ");
  }

  @Test
  void thereIsNoDemoPageWhereItCouldDoNothing() {
    assertThat(server.get("/").statusCode()).isEqualTo(404);
    assertThat(server.post("/demo/imports", "{\"user\":\"ann\"}").statusCode()).isEqualTo(404);
  }

  @Test
  void audienceAndIssuerMustFitIfConfigured() {
    try (TestServer strict =
        TestServer.start(
            "auth", "jwt",
            "auth.jwt.secret", Tokens.SECRET,
            "auth.jwt.audience", "push",
            "auth.jwt.issuer", "https://id.example.org")) {
      JWTClaimsSet.Builder good =
          Tokens.of("ann").audience(List.of("shop", "push")).issuer("https://id.example.org");
      strict.open("?token=" + Tokens.signed(good)).close();
      for (JWTClaimsSet.Builder wrong :
          List.of(
              Tokens.of("ann"),
              Tokens.of("ann").audience("push"),
              Tokens.of("ann").issuer("https://id.example.org"),
              Tokens.of("ann").audience("shop").issuer("https://id.example.org"),
              Tokens.of("ann").audience("push").issuer("https://id.example.org/"))) {
        assertThat(strict.refusal("?token=" + Tokens.signed(wrong), ""))
            .startsWith("HTTP/1.1 401 ")
            .contains("auth.jwt.audience", "auth.jwt.issuer")
            .doesNotContain("id.example.org");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"RSA", "EC"})
  void aPublicKeyChecksOneAlgorithm(String kind, @TempDir Path folder) throws IOException {
    KeyPair key = kind.equals("RSA") ? Tokens.rsa(2048) : Tokens.ec("secp256r1");
    KeyPair others = kind.equals("RSA") ? Tokens.ec("secp256r1") : Tokens.rsa(2048);
    String pem = Tokens.pem(key.getPublic());
    Path file = Files.writeString(folder.resolve("public.pem"), pem);
    try (TestServer checking =
        TestServer.start("auth", "jwt", "auth.jwt.public-key", file.toString())) {
      checking.open("?token=" + Tokens.signed(Tokens.of("ann"), key, null)).close();
      checking.open("?token=" + Tokens.signed(Tokens.of("ann"), key, "any")).close();
      for (String wrong :
          List.of(
              Tokens.signed(Tokens.of("ann"), others, null),
              // the public key taken for a secret, as careless servers do
              Tokens.signed(Tokens.of("ann"), pem),
              Tokens.signed(Tokens.of("ann"), pem.strip()),
              Tokens.signed(Tokens.of("ann"), Tokens.SECRET))) {
        assertThat(checking.refusal("?token=" + wrong, "")).startsWith("HTTP/1.1 401 ");
      }
    }
  }
}
