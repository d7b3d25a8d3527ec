package io.pushwire.server.auth;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKSet;
import io.github.bucket4j.Bucket;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys at {@code auth.jwt.jwks-uri}, kept and looked up again now and then. Those that are
 * known stay in force however long the issuer is away; nobody ever waits for one that is known.
 */
final class RemoteKeys implements TokenKeys {
  private static final Duration MAX_AGE = Duration.ofMinutes(5);
  private static final Duration RETRY = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final int MAX_BYTES = 256 << 10;
  private static final int HTTP_OK = 200;
  private static final Logger log = LoggerFactory.getLogger(RemoteKeys.class);

  private final URI uri;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("pushwire-jwks", true));

  /** Whoever invents key ids must not make this node flood the issuer. */
  private final Bucket demands =
      Bucket.builder()
          .addLimit(limit -> limit.capacity(5).refillGreedy(5, Duration.ofMinutes(1)))
          .build();

  private volatile List<PinnedKey> known = List.of();
  private CompletableFuture<List<PinnedKey>> last; // guarded by this, as the rest
  private boolean away;
  private long fetchedAt = System.nanoTime();

  /** Blocks for some seconds at most, until there are keys or the issuer turns out to be away. */
  RemoteKeys(URI uri) {
    this.uri = uri;
    last = fetch();
    last.handle((keys, failure) -> keys).join();
    long pause = RETRY.toMillis();
    timer.scheduleWithFixedDelay(this::refreshIfDue, pause, pause, TimeUnit.MILLISECONDS);
  }

  @Override
  public CompletionStage<List<Key>> matching(JWSHeader header) {
    List<Key> fitting = TokenKeys.fitting(known, header);
    return fitting.isEmpty()
        ? newer().thenApply(keys -> TokenKeys.fitting(keys, header))
        : CompletableFuture.completedStage(fitting);
  }

  @Override
  public boolean isReady() {
    return !known.isEmpty();
  }

  /**
   * What comes of the fetch that is under way, or of a new one; if that is too many, of the last.
   */
  private synchronized CompletionStage<List<PinnedKey>> newer() {
    if (last.isDone() && demands.tryConsume(1)) {
      last = fetch();
    }
    return last;
  }

  private synchronized void refreshIfDue() {
    boolean old = System.nanoTime() - fetchedAt >= MAX_AGE.toNanos();
    if (last.isDone() && (away || old)) {
      last = fetch();
    }
  }

  private CompletableFuture<List<PinnedKey>> fetch() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(
            HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(),
            BodyHandlers.ofByteArrayConsumer(part -> part.ifPresent(b -> append(body, b))));
    return answer
        .copy()
        .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .thenApply(response -> parse(response.statusCode(), body))
        .whenComplete(
            (keys, failure) -> {
              answer.cancel(true); // if it is still coming
              fetched(keys, failure);
            })
        .exceptionally(
            failure -> {
              throw new AuthUnavailableException(
                  "The keys to check tokens with cannot be had now", failure);
            });
  }

  private static void append(ByteArrayOutputStream body, byte[] part) {
    if (body.size() + part.length > MAX_BYTES) {
      throw new IllegalStateException("more than " + MAX_BYTES + " bytes");
    }
    body.writeBytes(part);
  }

  private static List<PinnedKey> parse(int status, ByteArrayOutputStream body) {
    if (status != HTTP_OK) {
      throw new CompletionException(new IOException("answered " + status));
    }
    try {
      List<PinnedKey> keys =
          JWKSet.parse(body.toString(StandardCharsets.UTF_8)).getKeys().stream()
              .map(PinnedKey::of)
              .flatMap(Optional::stream)
              .toList();
      if (keys.isEmpty()) {
        throw new CompletionException(new IOException("has no key for RS256 or ES256"));
      }
      return keys;
    } catch (ParseException e) {
      throw new CompletionException(new IOException("is no JWK set", e));
    }
  }

  private synchronized void fetched(@Nullable List<PinnedKey> keys, @Nullable Throwable failure) {
    fetchedAt = System.nanoTime();
    if (keys != null) {
      if (away || known.isEmpty()) {
        log.info("{} keys for tokens are there, from {}", keys.size(), uri.getHost());
      }
      known = keys;
      away = false;
    } else if (!away) {
      away = true;
      log.warn(
          "The keys for tokens cannot be had from {}: {}. {}; it is asked again every {} s",
          uri.getHost(),
          String.valueOf(failure),
          known.isEmpty() ? "Handshakes are answered with 503" : "Those known stay in force",
          RETRY.toSeconds());
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
