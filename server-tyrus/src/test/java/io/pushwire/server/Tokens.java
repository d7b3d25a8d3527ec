package io.pushwire.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes tokens as an issuer does. */
final class Tokens {
  static final String SECRET = "a-secret-that-is-known-to-both-sides-and-to-nobody-else";

  private Tokens() {}

  /** For this user, an hour long. */
  static JWTClaimsSet.Builder of(String user, String... topics) {
    JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder().subject(user).expirationTime(in(3600));
    return topics.length == 0 ? claims : claims.claim("topics", List.of(topics));
  }

  static Date in(int seconds) {
    return Date.from(Instant.now().plusSeconds(seconds));
  }

  /** Signed by {@link #SECRET}. */
  static String signed(JWTClaimsSet.Builder claims) {
    return signed(claims, SECRET);
  }

  static String signed(JWTClaimsSet.Builder claims, String secret) {
    try {
      return sign(
          new JWSHeader(JWSAlgorithm.HS256),
          claims,
          new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static String signed(JWTClaimsSet.Builder claims, KeyPair key, @Nullable String id) {
    try {
      boolean ec = key.getPrivate() instanceof ECPrivateKey;
      JWSHeader header =
          new JWSHeader.Builder(ec ? JWSAlgorithm.ES256 : JWSAlgorithm.RS256).keyID(id).build();
      return sign(
          header,
          claims,
          ec
              ? new ECDSASigner((ECPrivateKey) key.getPrivate())
              : new RSASSASigner(key.getPrivate()));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static String sign(JWSHeader header, JWTClaimsSet.Builder claims, JWSSigner signer) {
    try {
      SignedJWT token = new SignedJWT(header, claims.build());
      token.sign(signer);
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static KeyPair rsa(int bits) {
    return pair("RSA", new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4));
  }

  static KeyPair ec(String curve) {
    return pair("EC", new ECGenParameterSpec(curve));
  }

  private static KeyPair pair(String algorithm, AlgorithmParameterSpec parameters) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(parameters);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String pem(PublicKey key) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }
}
