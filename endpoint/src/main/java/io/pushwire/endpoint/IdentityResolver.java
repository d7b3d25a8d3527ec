package io.pushwire.endpoint;

import java.util.Optional;

/**
 * Finds out who opens a connection. Only its answer counts: what a client asks for in the query,
 * such as {@code ?user=} or {@code ?topic=}, is nothing but a wish.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface IdentityResolver {
  /**
   * Called on the container's thread during the handshake; the client waits for it. What it throws
   * is logged and closes the connection with {@link CloseCode#INTERNAL}.
   *
   * @param handshake the client's request
   * @return who it is and what he joins; empty: refused. The standard API has no way to answer a
   *     handshake with 403 here, so a refused connection opens and is closed at once with {@link
   *     CloseCode#NOT_ALLOWED}; it is never bound, and the listener never hears of it
   */
  Optional<Identity> resolve(Handshake handshake);
}
