package io.pushwire.server.auth;

import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.regex.Pattern;

/** The key that callers of the HTTP API show. Only its digest is kept. */
public final class ApiKey {
  /** What an answer 401 says in {@code WWW-Authenticate}. */
  public static final String CHALLENGE = "Bearer realm=\"pushwire\"";

  /** RFC 6750, section 2.1: else no header could carry it. */
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  private final byte[] digest;

  /**
   * @param key the key
   * @throws IllegalArgumentException if a Bearer header could not carry it
   */
  public ApiKey(String key) {
    if (!FORM.matcher(key).matches()) {
      throw new IllegalArgumentException("The key has characters that no header can carry");
    }
    digest = digest(key);
  }

  /**
   * @param headers of a request
   * @return whether it shows this key; takes the same time whatever the difference
   */
  public boolean isShownBy(HttpHeaders headers) {
    List<String> shown = Bearer.tokens(headers);
    return shown.size() == 1 && MessageDigest.isEqual(digest, digest(shown.get(0)));
  }

  /** Digests have one length, so that not even that of the key shows in the time. */
  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }
}
