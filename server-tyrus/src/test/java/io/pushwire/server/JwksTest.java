package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code auth.jwt.jwks-uri}: keys that are somewhere else, come and go, and may be out of reach.
 */
@Timeout(60)
class JwksTest {
  private static KeyPair rsa;
  private static KeyPair ec;
  private static KeyPair strangers;

  private final Issuer issuer = new Issuer();

  @BeforeAll
  static void makeKeys() {
    rsa = Tokens.rsa(2048);
    ec = Tokens.ec("secp256r1");
    strangers = Tokens.rsa(2048);
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  private TestServer start() {
    return TestServer.start("auth", "jwt", "auth.jwt.jwks-uri", issuer.uri());
  }

  private static String query(KeyPair key, String id) {
    return "?token=" + Tokens.signed(Tokens.of("ann"), key, id);
  }

  @Test
  void eachKeyChecksWhatItSigned() {
    issuer.shows(Issuer.jwk(rsa, "1"), Issuer.jwk(ec, "2"));
    try (TestServer server = start()) {
      server.open(query(rsa, "1")).close();
      server.open(query(ec, "2")).close();
      server.open(query(ec, null)).close();
      assertThat(server.refusal(query(rsa, "2"), "")).startsWith("HTTP/1.1 401 ");
      assertThat(server.refusal(query(strangers, "1"), ""))
          .startsWith("HTTP/1.1 401 ")
          .contains("signature is wrong");
      await().until(() -> server.get("/health/ready").statusCode() == 200);
    }
  }

  @Test
  void keysForSomethingElseAreLeftAlone() throws JOSEException {
    KeyPair p384 = Tokens.ec("secp384r1");
    KeyPair small = Tokens.rsa(1024);
    issuer.shows(
        Issuer.jwk(rsa, "good"),
        new RSAKey.Builder((RSAPublicKey) strangers.getPublic())
            .keyID("encrypts")
            .keyUse(KeyUse.ENCRYPTION)
            .build(),
        new RSAKey.Builder((RSAPublicKey) strangers.getPublic())
            .keyID("pss")
            .algorithm(JWSAlgorithm.PS256)
            .build(),
        new RSAKey.Builder((RSAPublicKey) small.getPublic()).keyID("small").build(),
        new ECKey.Builder(Curve.P_384, (ECPublicKey) p384.getPublic()).keyID("384").build(),
        new OctetSequenceKey.Builder(Tokens.SECRET.getBytes(StandardCharsets.UTF_8))
            .keyID("secret")
            .build());
    issuer.keys = issuer.keys.replace("]}", ",{\"kty\":\"NEW\",\"kid\":\"new\"}]}");
    try (TestServer server = start()) {
      server.open(query(rsa, "good")).close();
      assertThat(server.refusal(query(strangers, "encrypts"), "")).startsWith("HTTP/1.1 401 ");
      assertThat(server.refusal(query(strangers, "pss"), "")).startsWith("HTTP/1.1 401 ");
      assertThat(server.refusal("?token=" + Tokens.signed(Tokens.of("ann")), ""))
          .startsWith("HTTP/1.1 401 ");
    }
  }

  @Test
  void aNewKeyIsFoundWithTheFirstTokenItSigned() {
    issuer.shows(Issuer.jwk(rsa, "1"));
    try (TestServer server = start()) {
      assertThat(server.refusal(query(ec, "2"), "")).startsWith("HTTP/1.1 401 ");
      issuer.shows(Issuer.jwk(ec, "2"));
      server.open(query(ec, "2")).close();
      // and the old one is gone
      assertThat(server.refusal(query(rsa, "1"), "")).startsWith("HTTP/1.1 401 ");
    }
  }

  @Test
  void inventedKeysDoNotFloodTheIssuer() {
    issuer.shows(Issuer.jwk(rsa, "1"));
    try (TestServer server = start()) {
      for (int i = 0; i < 50; i++) {
        assertThat(server.refusal(query(strangers, "invented-" + i), ""))
            .startsWith("HTTP/1.1 401 ");
      }
      assertThat(issuer.asked()).isLessThanOrEqualTo(1 + 5 + 1);
      server.open(query(rsa, "1")).close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"away", "fails", "nonsense", "no keys", "endless", "hangs"})
  void whatIsKnownStaysInForceWhileTheIssuerIsOut(String how) {
    issuer.shows(Issuer.jwk(rsa, "1"));
    try (TestServer server = start()) {
      breakDown(how);
      // of a key that may be new, nobody can tell now
      assertThat(server.refusal(query(ec, "2"), ""))
          .startsWith("HTTP/1.1 503 ")
          .containsIgnoringCase("retry-after: ");
      server.open(query(rsa, "1")).close();
      await().until(() -> server.get("/health/ready").statusCode() == 200);
    }
  }

  private void breakDown(String how) {
    switch (how) {
      case "away" -> issuer.close();
      case "fails" -> issuer.status = 500;
      case "nonsense" -> issuer.keys = "<html>";
      case "no keys" -> issuer.keys = "{\"keys\":[]}";
      case "endless" -> issuer.keys = "{\"keys\":[]," + " ".repeat(1 << 20) + "\"x\":1}";
      default -> issuer.hangs = true;
    }
  }

  /** With more of them waiting than there are threads of any kind. */
  @Test
  void nobodyWaitsForThoseWhoseKeyIsNotKnown() {
    issuer.shows(Issuer.jwk(rsa, "1"));
    try (TestServer server = start()) {
      issuer.hangs = true;
      List<RawWebSocket> waiting = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        waiting.add(RawWebSocket.ask(server.port(), "/ws" + query(ec, "invented-" + i), ""));
      }
      await().until(() -> issuer.asked() == 2);
      long start = System.nanoTime();
      server.open(query(rsa, "1")).close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));

      for (RawWebSocket client : waiting) {
        assertThat(client.readAnswer()).startsWith("HTTP/1.1 503 ");
        client.close();
      }
      assertThat(issuer.asked()).isEqualTo(2);
    }
  }

  @Test
  void withoutKeysTheServerStartsAndBecomesReadyLater() {
    issuer.status = 500;
    try (TestServer server = start()) {
      assertThat(server.refusal(query(rsa, "1"), "")).startsWith("HTTP/1.1 503 ");
      assertThat(server.get("/health/ready").body())
          .contains("{\"name\":\"keys for tokens\",\"status\":\"DOWN\"");
      assertThat(server.get("/health/live").statusCode()).isEqualTo(200);

      issuer.shows(Issuer.jwk(rsa, "1"));
      issuer.status = 200;
      server.open(query(rsa, "1")).close();
      await().until(() -> server.get("/health/ready").statusCode() == 200);
    }
  }
}
