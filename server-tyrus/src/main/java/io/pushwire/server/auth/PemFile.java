package io.pushwire.server.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A public key as {@code openssl pkey -pubout} writes it. */
final class PemFile {
  private static final Pattern PUBLIC_KEY =
      Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");

  private PemFile() {}

  /**
   * @param file a file
   * @return its key
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static PublicKey read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the file " + file + " cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
    Matcher pem = PUBLIC_KEY.matcher(text);
    if (!pem.find()) {
      throw new IllegalArgumentException(
          "the file "
              + file
              + " has no '-----BEGIN PUBLIC KEY-----'. Make it by: openssl pkey -in private.pem"
              + " -pubout; of a certificate by: openssl x509 -in cert.pem -noout -pubkey");
    }
    return decode(Base64.getMimeDecoder().decode(pem.group(1)), file);
  }

  private static PublicKey decode(byte[] encoded, Path file) {
    for (String algorithm : List.of("RSA", "EC")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
      } catch (GeneralSecurityException e) {
        // it is of the other kind, or of neither
      }
    }
    throw new IllegalArgumentException("the file " + file + " holds neither an RSA nor an EC key");
  }
}
