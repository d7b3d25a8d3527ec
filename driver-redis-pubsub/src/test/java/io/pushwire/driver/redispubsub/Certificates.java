package io.pushwire.driver.redispubsub;

import io.pushwire.testkit.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A certificate for localhost, signed by an authority that only the test knows, by openssl. */
record Certificates(String ca, String certificate, String key) {
  private static final String SCRIPT =
      """
      set -e
      openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-authority \
        -keyout ca.key -out ca.pem
      openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout key.pem -out request.pem
      printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\\n' > names
      openssl x509 -req -days 2 -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial \
        -extfile names -out certificate.pem
      """;

  static Certificates make(Path directory) {
    try {
      Process openssl =
          new ProcessBuilder("sh", "-c", SCRIPT)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      byte[] printed = openssl.getInputStream().readAllBytes();
      if (openssl.waitFor() != 0) {
        throw new IllegalStateException(
            "openssl failed (apt-get install openssl): "
                + new String(printed, StandardCharsets.UTF_8));
      }
      return new Certificates(
          directory.resolve("ca.pem").toString(),
          directory.resolve("certificate.pem").toString(),
          directory.resolve("key.pem").toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Makes a Redis that has the certificate listen for TLS on a free port as well. */
  static int listen(RedisServer redis) {
    for (int port = redis.port() + 1; ; port++) {
      try {
        redis.command("CONFIG", "SET", "tls-port", Integer.toString(port));
        return port;
      } catch (IllegalStateException taken) {
        if (port > redis.port() + 50) {
          throw new IllegalStateException("No free port", taken);
        }
      }
    }
  }
}
