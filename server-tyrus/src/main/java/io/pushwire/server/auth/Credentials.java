package io.pushwire.server.auth;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a client shows when it opens a WebSocket. Immutable. */
public final class Credentials {
  /** A browser can set no header but the subprotocols; one that begins like this is a token. */
  public static final String SUBPROTOCOL_PREFIX = "bearer.";

  private final Optional<String> claimedUser;
  private final List<String> tokens;

  private Credentials(Optional<String> claimedUser, List<String> tokens) {
    this.claimedUser = claimedUser;
    this.tokens = tokens;
  }

  /**
   * @param headers of the request to upgrade: {@code Authorization} and the subprotocols count
   * @param user who the client says it is: {@code ?user=}
   * @param token the values of {@code ?token=}
   * @return both, and the tokens of all three places
   */
  public static Credentials of(HttpHeaders headers, Optional<String> user, List<String> token) {
    Stream<String> protocols =
        headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
            .flatMap(line -> Stream.of(line.split(",")))
            .map(String::strip)
            .filter(protocol -> protocol.startsWith(SUBPROTOCOL_PREFIX))
            .map(protocol -> protocol.substring(SUBPROTOCOL_PREFIX.length()));
    return new Credentials(
        user,
        Stream.of(Bearer.tokens(headers).stream(), protocols, token.stream())
            .flatMap(tokens -> tokens)
            .toList());
  }

  Optional<String> claimedUser() {
    return claimedUser;
  }

  List<String> tokens() {
    return tokens;
  }

  /** Without the tokens, which belong in no log. */
  @Override
  public String toString() {
    return claimedUser.orElse("nobody") + " with " + tokens.size() + " tokens";
  }
}
