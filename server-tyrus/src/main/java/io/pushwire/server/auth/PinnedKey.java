package io.pushwire.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key and the one algorithm it is for: what a token's header says never chooses the algorithm, it
 * only may fit (RFC 8725, section 3.1).
 *
 * @param id {@code kid}; empty: it fits any
 * @param algorithm HS256, RS256 or ES256
 * @param key the secret, or the public key
 */
record PinnedKey(Optional<String> id, JWSAlgorithm algorithm, Key key) {
  /** RFC 7518, section 3.2. */
  static final int LEAST_SECRET_BYTES = 32;

  /** RFC 7518, section 3.3. */
  private static final int LEAST_RSA_BITS = 2048;

  /**
   * @param secret shared with whoever makes the tokens
   * @return it, for HS256
   * @throws IllegalArgumentException if it is too short
   */
  static PinnedKey of(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < LEAST_SECRET_BYTES) {
      throw new IllegalArgumentException("HS256 needs a secret of 32 bytes or more");
    }
    return new PinnedKey(
        Optional.empty(), JWSAlgorithm.HS256, new SecretKeySpec(bytes, "HmacSHA256"));
  }

  /**
   * @param key an RSA or EC key
   * @param id its {@code kid}
   * @return it, for RS256 or ES256
   * @throws IllegalArgumentException if it is for neither
   */
  static PinnedKey of(PublicKey key, Optional<String> id) {
    if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= LEAST_RSA_BITS) {
      return new PinnedKey(id, JWSAlgorithm.RS256, key);
    }
    if (key instanceof ECPublicKey ec
        && Curve.P_256.equals(Curve.forECParameterSpec(ec.getParams()))) {
      return new PinnedKey(id, JWSAlgorithm.ES256, key);
    }
    throw new IllegalArgumentException(
        "It must be an RSA key of 2048 bits or more (RS256), or an EC key on P-256 (ES256)");
  }

  /**
   * @param jwk a key of a set; secrets have no place there
   * @return it, unless it is for something else
   */
  static Optional<PinnedKey> of(JWK jwk) {
    if (jwk.getKeyUse() != null && !KeyUse.SIGNATURE.equals(jwk.getKeyUse())) {
      return Optional.empty();
    }
    try {
      PublicKey key =
          jwk instanceof RSAKey rsa
              ? rsa.toPublicKey()
              : jwk instanceof ECKey ec ? ec.toPublicKey() : null;
      return Optional.ofNullable(key)
          .map(k -> of(k, Optional.ofNullable(jwk.getKeyID())))
          .filter(
              pinned ->
                  jwk.getAlgorithm() == null || jwk.getAlgorithm().equals(pinned.algorithm()));
    } catch (JOSEException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  boolean fits(JWSHeader header) {
    return algorithm.equals(header.getAlgorithm())
        && (id.isEmpty() || header.getKeyID() == null || id.get().equals(header.getKeyID()));
  }
}
