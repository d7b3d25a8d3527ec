package io.pushwire.driver.redis;

import io.lettuce.core.SslOptions;
import io.pushwire.core.SettingsReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code rediss} connections need beside their URI.
 *
 * @param ca {@code tls.ca}: PEM file of the authorities that the server's certificate is checked
 *     with; empty: the JVM's own
 * @param certificate {@code tls.certificate}: PEM file of this client's certificate
 * @param key {@code tls.key}: PEM file of its private key
 * @since 0.1
 */
public record RedisTls(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {
  /**
   * @param reader the driver's settings; problems are noted there
   * @return what they say
   */
  public static RedisTls read(SettingsReader reader) {
    RedisTls tls =
        new RedisTls(
            file(reader, "tls.ca"), file(reader, "tls.certificate"), file(reader, "tls.key"));
    if (tls.certificate.isPresent() != tls.key.isPresent()) {
      reader.problem("tls.certificate", "a certificate and its tls.key belong together");
    }
    return tls;
  }

  private static Optional<Path> file(SettingsReader reader, String key) {
    Optional<Path> file = reader.text(key).map(Path::of);
    if (file.isPresent() && !Files.isReadable(file.get())) {
      reader.problem(key, file.get() + " cannot be read; expected is a PEM file");
    }
    return file;
  }

  /**
   * @return the same for Lettuce
   */
  public SslOptions options() {
    SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider();
    ca.ifPresent(file -> ssl.trustManager(file.toFile()));
    if (certificate.isPresent() && key.isPresent()) {
      ssl.keyManager(certificate.get().toFile(), key.get().toFile(), null);
    }
    return ssl.build();
  }
}
