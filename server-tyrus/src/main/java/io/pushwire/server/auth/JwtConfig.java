package io.pushwire.server.auth;

import io.netty.util.NetUtil;
import io.pushwire.core.SettingsReader;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@code auth=jwt} can be told. */
public final class JwtConfig {
  private static final String SECRET = "auth.jwt.secret";
  private static final String PUBLIC_KEY = "auth.jwt.public-key";
  private static final String JWKS_URI = "auth.jwt.jwks-uri";
  private static final String AUDIENCE = "auth.jwt.audience";
  private static final String ISSUER = "auth.jwt.issuer";
  private static final List<String> KEYS = List.of(SECRET, PUBLIC_KEY, JWKS_URI);

  private final Optional<PinnedKey> key;
  private final Optional<URI> jwksUri;
  private final Optional<String> audience;
  private final Optional<String> issuer;

  private JwtConfig(SettingsReader reader) {
    Optional<PinnedKey> secret = reader.text(SECRET).flatMap(text -> secret(reader, text));
    Optional<PinnedKey> file = reader.text(PUBLIC_KEY).flatMap(text -> file(reader, text));
    key = secret.or(() -> file);
    jwksUri =
        reader.parsed(
            JWKS_URI,
            Optional.empty(),
            "an https:// address; http:// only on this machine, since whoever stands between could"
                + " be any user",
            text -> Optional.of(uri(text)));
    audience = reader.text(AUDIENCE);
    issuer = reader.text(ISSUER);
  }

  /**
   * @param reader gets all that is wrong noted
   * @return the config, of use only if nothing was
   */
  public static JwtConfig read(SettingsReader reader) {
    List<String> given = KEYS.stream().filter(key -> reader.text(key).isPresent()).toList();
    if (given.isEmpty()) {
      reader.problem(
          "auth", "jwt needs a key to check tokens with: set one of " + String.join(", ", KEYS));
    } else if (given.size() > 1) {
      reader.problem(
          "auth",
          "jwt takes one key, but there are "
              + String.join(" and ", given)
              + ": keep the one that your tokens are signed for");
    }
    return new JwtConfig(reader);
  }

  /**
   * With {@code auth=none} these keys would do nothing, and somebody thinks that they do.
   *
   * @param reader gets those noted that are given
   */
  public static void refuse(SettingsReader reader) {
    for (String key : List.of(SECRET, PUBLIC_KEY, JWKS_URI, AUDIENCE, ISSUER)) {
      if (reader.text(key).isPresent()) {
        reader.problem(
            key, "no token is asked for with auth=none. Set auth=jwt, or leave this key out");
      }
    }
  }

  Optional<PinnedKey> key() {
    return key;
  }

  Optional<URI> jwksUri() {
    return jwksUri;
  }

  Optional<String> audience() {
    return audience;
  }

  Optional<String> issuer() {
    return issuer;
  }

  private static Optional<PinnedKey> secret(SettingsReader reader, String text) {
    try {
      return Optional.of(PinnedKey.of(text));
    } catch (IllegalArgumentException e) {
      reader.problem(
          SECRET,
          "is too short: HS256 needs 32 bytes or more. This makes one: openssl rand -hex 32");
      return Optional.empty();
    }
  }

  private static Optional<PinnedKey> file(SettingsReader reader, String text) {
    try {
      return Optional.of(PinnedKey.of(PemFile.read(Path.of(text)), Optional.empty()));
    } catch (InvalidPathException e) {
      reader.problem(PUBLIC_KEY, "'" + text + "' is no path");
    } catch (IllegalArgumentException e) {
      reader.problem(PUBLIC_KEY, String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  private static URI uri(String text) {
    URI uri = URI.create(text);
    if (uri.getHost() == null) {
      throw new IllegalArgumentException();
    }
    boolean here =
        uri.getHost().equalsIgnoreCase("localhost")
            || (NetUtil.isValidIpV4Address(uri.getHost()) && uri.getHost().startsWith("127."))
            || uri.getHost().equals("[::1]");
    if (!"https".equalsIgnoreCase(uri.getScheme())
        && !(here && "http".equalsIgnoreCase(uri.getScheme()))) {
      throw new IllegalArgumentException();
    }
    return uri;
  }
}
