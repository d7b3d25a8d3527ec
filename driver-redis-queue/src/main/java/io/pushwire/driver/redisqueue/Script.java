package io.pushwire.driver.redisqueue;

import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** The scripts, each a file beside this class which says what it takes and returns. */
enum Script {
  PUSH(ScriptOutputType.MULTI),
  TAKE(ScriptOutputType.MULTI),
  DRAIN(ScriptOutputType.MULTI),
  LEAVE(ScriptOutputType.MULTI),
  WAITING(ScriptOutputType.INTEGER),
  POST(ScriptOutputType.INTEGER),
  CLAIM(ScriptOutputType.MULTI),
  RENEW(ScriptOutputType.INTEGER),
  BURY(ScriptOutputType.INTEGER),
  JOIN(ScriptOutputType.INTEGER),
  PART(ScriptOutputType.INTEGER),
  LOCATE(ScriptOutputType.MULTI);

  final ScriptOutputType output;
  final String text;
  final String sha;

  Script(ScriptOutputType output) {
    this.output = output;
    this.text = read(name().toLowerCase(Locale.ROOT) + ".lua");
    this.sha = sha(text);
  }

  private static String read(String file) {
    try (InputStream in = Script.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha(String text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(Keys.utf8(text)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has SHA-1", e);
    }
  }
}
