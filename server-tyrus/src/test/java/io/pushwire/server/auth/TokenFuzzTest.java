package io.pushwire.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.pushwire.core.Settings;
import io.pushwire.core.SettingsReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever somebody shows as a token lets nobody in but the user it was signed for. The seeds are
 * tried with every build; {@code JAZZER_FUZZ=1} looks for more.
 */
class TokenFuzzTest {
  private static final String SECRET = "a-secret-that-is-known-to-both-sides-and-to-nobody-else";
  private static final JwtAuthenticator AUTHENTICATOR = authenticator();

  @AfterAll
  static void close() {
    AUTHENTICATOR.close();
  }

  static Stream<byte[]> tokens() {
    return Stream.of(
            "",
            "a.b.c",
            "eyJhbGciOiJub25lIn0.eyJzdWIiOiI0MiIsImV4cCI6NDEwMjQ0NDgwMH0.",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiIsImV4cCI6NDEwMjQ0NDgwMH0.AAAA",
            "eyJhbGciOiJIUzI1NiIsImNyaXQiOlsiYiJdLCJiIjoxfQ.e30.AAAA",
            "eyJhbGciOiJSUzI1NiIsImtpZCI6Ii4uLy4uIn0.e30.AAAA")
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @MethodSource("tokens")
  @FuzzTest(maxDuration = "3m")
  void whatWasNotSignedIsRefused(byte[] bytes) {
    assertRefused(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  static Stream<byte[]> claims() {
    return Stream.of(
            "{'sub':'42','exp':4102444800}",
            "{'sub':'42','exp':4102444800,'topics':['a*','b']}",
            "{'sub':'42','exp':4102444800,'topics':'a*'}",
            "{'sub':'42','exp':4102444800,'topics':[1]}",
            "{'sub':'','exp':4102444800}",
            "{'sub':42,'exp':'x'}",
            "{'exp':-1,'sub':'a','nbf':1e300}",
            "[]")
        .map(text -> text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  /** Signed by the issuer, who may be careless: still never more than a refusal. */
  @MethodSource("claims")
  @FuzzTest(maxDuration = "3m")
  void whateverIsSignedIsAGrantOrRefused(byte[] bytes) throws JOSEException {
    JWSObject token = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(bytes));
    token.sign(new MACSigner(SECRET.getBytes(StandardCharsets.UTF_8)));
    try {
      Grant grant = authenticate(token.serialize());
      assertThat(grant.user()).isPresent();
      assertThat(grant.expires()).isPresent();
      grant.topics().allow("topic");
    } catch (CompletionException e) {
      assertThat(e.getCause()).isInstanceOf(RefusedCredentialsException.class);
    }
  }

  private static void assertRefused(String token) {
    assertThatThrownBy(() -> authenticate(token))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(RefusedCredentialsException.class)
        .satisfies(e -> assertThat(token.length() < 8 || !e.getMessage().contains(token)).isTrue());
  }

  private static Grant authenticate(String token) {
    HttpHeaders headers =
        DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    headers.add("Authorization", "Bearer " + token);
    return AUTHENTICATOR
        .authenticate(Credentials.of(headers, Optional.empty(), List.of()))
        .toCompletableFuture()
        .join();
  }

  private static JwtAuthenticator authenticator() {
    SettingsReader reader = Settings.of(Map.of("auth.jwt.secret", SECRET)).reader();
    return JwtAuthenticator.open(JwtConfig.read(reader));
  }
}
