package io.pushwire.endpoint;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the identity at the handshake, where the headers are, and leaves it in the user properties:
 * the standard gives each session its own copy of them.
 */
final class HandshakeConfigurator extends ServerEndpointConfig.Configurator {
  /** The user property that holds an {@link Identity}, or a {@link CloseReason}. */
  static final String ADMISSION = "io.pushwire.endpoint.admission";

  private static final Logger log = LoggerFactory.getLogger(HandshakeConfigurator.class);

  private final Supplier<PushwireEndpoint> endpoints;
  private final Origins origins;
  private final IdentityResolver resolver;

  HandshakeConfigurator(
      Supplier<PushwireEndpoint> endpoints, Origins origins, IdentityResolver resolver) {
    this.endpoints = endpoints;
    this.origins = origins;
    this.resolver = resolver;
  }

  @Override
  public boolean checkOrigin(@Nullable String origin) {
    return origins.allow(origin);
  }

  @Override
  public void modifyHandshake(
      ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
    config.getUserProperties().put(ADMISSION, admission(Handshake.of(request)));
  }

  private Object admission(Handshake handshake) {
    if (!origins.allow(handshake)) {
      return CloseReasons.of(CloseCode.NOT_ALLOWED, "origin");
    }
    try {
      return resolver
          .resolve(handshake)
          .<Object>map(identity -> identity)
          .orElseGet(() -> CloseReasons.of(CloseCode.NOT_ALLOWED, "refused"));
    } catch (RuntimeException e) {
      log.error("The resolver failed, closing with {}", CloseCode.INTERNAL, e);
      return CloseReasons.of(CloseCode.INTERNAL, "");
    }
  }

  /** None: the only one there is, compression, costs a deflater and each frame anew a client. */
  @Override
  public List<Extension> getNegotiatedExtensions(
      List<Extension> installed, List<Extension> requested) {
    return List.of();
  }

  @Override
  public <T> T getEndpointInstance(Class<T> type) {
    return type.cast(endpoints.get());
  }
}
