package io.pushwire.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.BadJWSException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.pushwire.api.Target;
import java.security.Key;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * {@code auth=jwt}: a signed token says who a client is ({@code sub}), which topics it may join
 * ({@code topics}), and until when ({@code exp}). Signatures are checked on threads of its own,
 * since they cost an event loop's time, and keys may have to be fetched.
 */
public final class JwtAuthenticator implements Authenticator {
  /** How far the clocks of issuer and node may differ. */
  static final int SKEW_SECONDS = 30;

  private static final int MAX_WAITING = 2_000;

  private final TokenKeys keys;
  private final String expected;
  private final DefaultJWTProcessor<Candidates> processor = new DefaultJWTProcessor<>();
  private final ThreadPoolExecutor threads;

  /** The keys that may have signed the token at hand. */
  private record Candidates(List<Key> keys) implements SecurityContext {}

  private JwtAuthenticator(JwtConfig config, TokenKeys keys) {
    this.keys = keys;
    expected =
        "The token must have sub and exp"
            + config.audience().map(a -> ", aud as in auth.jwt.audience").orElse("")
            + config.issuer().map(i -> ", iss as in auth.jwt.issuer").orElse("")
            + ", and no nbf that is yet to come";
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null)); // null: none is named
    processor.setJWSKeySelector((header, candidates) -> candidates.keys());
    DefaultJWTClaimsVerifier<Candidates> claims =
        new DefaultJWTClaimsVerifier<>(
            config.audience().orElse(null),
            config.issuer().map(i -> new JWTClaimsSet.Builder().issuer(i).build()).orElse(null),
            Set.of("sub", "exp"));
    claims.setMaxClockSkew(SKEW_SECONDS);
    processor.setJWTClaimsSetVerifier(claims);
    int cores = Runtime.getRuntime().availableProcessors();
    threads =
        new ThreadPoolExecutor(
            cores,
            cores,
            60,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            new DefaultThreadFactory("pushwire-auth", true));
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Blocks for some seconds at most where the keys have to be fetched; if they cannot be, it is
   * tried again later.
   *
   * @param config the keys, and what tokens must say besides
   * @return it, to be closed
   */
  public static JwtAuthenticator open(JwtConfig config) {
    TokenKeys keys =
        config
            .key()
            .map(TokenKeys::of)
            .or(() -> config.jwksUri().map(RemoteKeys::new))
            .orElseThrow(() -> new IllegalArgumentException("auth=jwt without a key"));
    return new JwtAuthenticator(config, keys);
  }

  @Override
  public CompletionStage<Grant> authenticate(Credentials credentials) {
    List<String> tokens = credentials.tokens();
    if (tokens.size() != 1) {
      return CompletableFuture.failedStage(
          tokens.isEmpty()
              ? RefusedCredentialsException.missing(
                  "Show a token: Authorization: Bearer …, or the subprotocols pushwire and bearer.…,"
                      + " or ?token=…")
              : RefusedCredentialsException.invalid("Show one token, in one place"));
    }
    try {
      return CompletableFuture.supplyAsync(() -> parse(tokens.get(0)), threads)
          .thenCompose(
              token ->
                  keys.matching(token.getHeader())
                      .thenApplyAsync(fitting -> verify(token, fitting), threads));
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedStage(
          new AuthUnavailableException("More handshakes than this node can check wait already", e));
    }
  }

  @Override
  public boolean isReady() {
    return keys.isReady();
  }

  @Override
  public void close() {
    keys.close();
    threads.shutdownNow();
  }

  /** An unsigned one ({@code alg: none}) is none. */
  private static SignedJWT parse(String token) {
    try {
      return SignedJWT.parse(token);
    } catch (ParseException e) {
      throw RefusedCredentialsException.invalid("This is not a signed JSON Web Token");
    }
  }

  private Grant verify(SignedJWT token, List<Key> fitting) {
    if (fitting.isEmpty()) {
      throw RefusedCredentialsException.invalid(
          "There is no key for the alg and kid of the token's header");
    }
    try {
      return grant(processor.process(token, new Candidates(fitting)));
    } catch (ExpiredJWTException e) {
      throw RefusedCredentialsException.invalid("The token has expired");
    } catch (BadJWTException e) {
      throw RefusedCredentialsException.invalid(expected);
    } catch (BadJWSException e) {
      throw RefusedCredentialsException.invalid("The token's signature is wrong");
    } catch (BadJOSEException | JOSEException | ParseException | IllegalArgumentException e) {
      throw RefusedCredentialsException.invalid(
          "The token must be a JWT whose sub is a user id and whose topics, if there are any, are"
              + " strings");
    }
  }

  private static Grant grant(JWTClaimsSet claims) throws ParseException {
    String user = claims.getSubject();
    Target.user(user);
    Instant expires = claims.getExpirationTime().toInstant();
    // what has expired by our clock was let in for the issuer's, which may be slow
    boolean ahead = expires.isAfter(Instant.now());
    return new Grant(
        Optional.of(user),
        topics(claims),
        Optional.of(ahead ? expires : expires.plusSeconds(SKEW_SECONDS)));
  }

  private static TopicPatterns topics(JWTClaimsSet claims) throws ParseException {
    Object topics = claims.getClaim("topics");
    if (topics == null) {
      return new TopicPatterns(List.of());
    }
    return new TopicPatterns(
        topics instanceof String one
            ? List.of(one)
            : List.copyOf(claims.getStringListClaim("topics")));
  }
}
