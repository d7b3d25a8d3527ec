package io.pushwire.endpoint;

import jakarta.websocket.server.HandshakeRequest;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a client asks with. A copy: valid for ever.
 *
 * @param headers the request's headers; names in any case
 * @param parameters the query's, and those of the endpoint's path
 * @param principal whom the container authenticated
 * @since 0.1
 */
public record Handshake(
    Map<String, List<String>> headers,
    Map<String, List<String>> parameters,
    Optional<Principal> principal) {

  static Handshake of(HandshakeRequest request) {
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    request.getHeaders().forEach((name, values) -> headers.put(name, List.copyOf(values)));
    Map<String, List<String>> parameters = new TreeMap<>();
    request.getParameterMap().forEach((name, values) -> parameters.put(name, List.copyOf(values)));
    return new Handshake(headers, parameters, Optional.ofNullable(request.getUserPrincipal()));
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
