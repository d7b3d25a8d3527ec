package io.pushwire.server;

import io.pushwire.core.SettingsReader;
import io.pushwire.server.auth.ApiKey;
import io.pushwire.server.auth.Authenticator;
import io.pushwire.server.auth.JwtAuthenticator;
import io.pushwire.server.auth.JwtConfig;
import io.pushwire.server.http.Guard;
import io.pushwire.server.http.Origins;
import io.pushwire.server.http.TrustedProxies;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who may connect and call.
 *
 * @param jwt {@code auth.jwt.*}; empty: {@code auth=none}
 * @param anyHost whether whoever reaches the address was said to be welcome
 * @param apiKey {@code api.key}
 * @param origins {@code server.origins}
 * @param proxies {@code server.trusted-proxies}
 */
record AccessConfig(
    Optional<JwtConfig> jwt,
    boolean anyHost,
    Optional<ApiKey> apiKey,
    Origins origins,
    TrustedProxies proxies) {
  private static final String API_KEY = "api.key";
  private static final String ORIGINS = "server.origins";
  private static final String PROXIES = "server.trusted-proxies";

  /**
   * @param reader gets all that is wrong noted
   * @param host where the server will listen
   * @return the config, of use only if nothing was
   */
  static AccessConfig read(SettingsReader reader, InetAddress host) {
    AuthMode mode = reader.choice("auth", AuthMode.NONE);
    boolean insecure = reader.flag("auth.insecure", false);
    boolean exposed = !host.isLoopbackAddress();
    Optional<JwtConfig> jwt = Optional.empty();
    if (mode == AuthMode.JWT) {
      jwt = Optional.of(JwtConfig.read(reader));
      checkJwt(reader, host, insecure);
    } else {
      JwtConfig.refuse(reader);
      checkNone(reader, host, insecure);
    }
    Optional<ApiKey> key =
        reader.parsed(
            API_KEY,
            Optional.empty(),
            "A-Z a-z 0-9 - . _ ~ + / alone, as a header can carry them",
            text -> Optional.of(new ApiKey(text)));
    Origins origins =
        reader.parsed(
            ORIGINS,
            Origins.of(List.of()),
            "origins as browsers write them, such as https://example.org, separated by commas; or *",
            text -> Origins.of(reader.list(ORIGINS)));
    if (mode == AuthMode.NONE && !insecure && origins.allowAny()) {
      reader.problem(
          ORIGINS,
          "with * and auth=none every page that somebody opens on this machine could be any user."
              + " List the pages, or set auth=jwt");
    }
    TrustedProxies proxies =
        reader.parsed(
            PROXIES,
            TrustedProxies.of(List.of()),
            "addresses and networks, such as 10.0.0.7, 10.0.0.0/8, separated by commas",
            text -> TrustedProxies.of(reader.list(PROXIES)));
    return new AccessConfig(jwt, insecure && exposed, key, origins, proxies);
  }

  private static void checkJwt(SettingsReader reader, InetAddress host, boolean insecure) {
    if (insecure) {
      reader.problem("auth.insecure", "does nothing with auth=jwt. Leave it out");
    }
    if (!host.isLoopbackAddress() && reader.text(API_KEY).isEmpty()) {
      reader.problem(
          API_KEY,
          "is needed, since server.host=%s is not a loopback address and whoever reaches it could send to every user. This makes one: openssl rand -hex 32"
              .formatted(host.getHostAddress()));
    }
  }

  private static void checkNone(SettingsReader reader, InetAddress host, boolean insecure) {
    if (!host.isLoopbackAddress() && !insecure) {
      reader.problem(
          "server.host",
          host.getHostAddress()
              + " is not a loopback address, and with auth=none whoever reaches it can be any user."
              + " Expected: server.host=127.0.0.1, or auth=jwt, or auth.insecure=true if that is what"
              + " you want");
    }
    if (reader.text(PROXIES).isPresent()) {
      reader.problem(
          PROXIES,
          "with auth=none what comes through a proxy is refused. Set auth=jwt, or leave this key out");
    }
  }

  /**
   * @return the name of what tells who somebody is
   */
  String name() {
    return (jwt.isPresent() ? AuthMode.JWT : AuthMode.NONE).name().toLowerCase(Locale.ROOT);
  }

  /** May block for some seconds, to fetch keys. */
  Authenticator authenticator() {
    return jwt.<Authenticator>map(JwtAuthenticator::open).orElseGet(Authenticator::none);
  }

  Guard guardOfWebSockets() {
    return jwt.isPresent()
        ? Guard.forIdentified(origins)
        : Guard.forEverybody(origins, "with auth=none", anyHost);
  }

  Guard guardOfApi() {
    return apiKey.isPresent()
        ? Guard.forIdentified(origins)
        : Guard.forEverybody(origins, "without api.key", anyHost);
  }

  /**
   * @return whether the demo page works, which has neither token nor key
   */
  boolean isForPlaying() {
    return jwt.isEmpty() && apiKey.isEmpty();
  }
}
