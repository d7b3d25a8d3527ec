package io.pushwire.server.auth;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/** {@code Authorization: Bearer …} (RFC 6750, section 2.1). */
final class Bearer {
  private static final String SCHEME = "Bearer ";

  private Bearer() {}

  /**
   * @return what such headers hold; other schemes are not meant for this server
   */
  static List<String> tokens(HttpHeaders headers) {
    return headers.getAll(HttpHeaderNames.AUTHORIZATION).stream()
        .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
        .map(value -> value.substring(SCHEME.length()).strip())
        .toList();
  }
}
