package io.pushwire.endpoint;

import jakarta.websocket.server.HandshakeRequest;
import java.security.Principal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks with. A copy, immutable and valid for ever.
 *
 * @since 0.1
 */
public final class Handshake {
  private final Map<String, List<String>> headers;
  private final Map<String, List<String>> parameters;
  private final @Nullable Principal principal;

  Handshake(
      Map<String, List<String>> headers,
      Map<String, List<String>> parameters,
      @Nullable Principal principal) {
    this.headers = copy(headers, new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
    this.parameters = copy(parameters, new TreeMap<>());
    this.principal = principal;
  }

  static Handshake of(HandshakeRequest request) {
    return new Handshake(
        request.getHeaders(), request.getParameterMap(), request.getUserPrincipal());
  }

  private static Map<String, List<String>> copy(
      Map<String, List<String>> from, Map<String, List<String>> to) {
    from.forEach((name, values) -> to.put(name, List.copyOf(values)));
    return Collections.unmodifiableMap(to);
  }

  /**
   * @return the request's headers; names in any case
   */
  public Map<String, List<String>> headers() {
    return headers;
  }

  /**
   * @return the query's parameters, and those of the endpoint's path
   */
  public Map<String, List<String>> parameters() {
    return parameters;
  }

  /**
   * @return whom the container authenticated
   */
  public Optional<Principal> principal() {
    return Optional.ofNullable(principal);
  }

  /**
   * @param name a header's name, in any case
   * @return its first value
   */
  public Optional<String> header(String name) {
    return headers.getOrDefault(name, List.of()).stream().findFirst();
  }

  /**
   * @param name a parameter's name
   * @return its first value
   */
  public Optional<String> parameter(String name) {
    return parameters(name).stream().findFirst();
  }

  /**
   * @param name a parameter's name
   * @return all its values
   */
  public List<String> parameters(String name) {
    return parameters.getOrDefault(name, List.of());
  }

  /** The names alone: values may be secrets, which belong in no log. */
  @Override
  public String toString() {
    return "Handshake with headers " + headers.keySet() + " and parameters " + parameters.keySet();
  }
}
