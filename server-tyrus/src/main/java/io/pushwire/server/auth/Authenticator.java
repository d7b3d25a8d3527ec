package io.pushwire.server.auth;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Finds out who opens a WebSocket, before its handshake is answered. Any thread. */
public interface Authenticator extends AutoCloseable {
  /**
   * Returns at once; nothing that takes time runs on the caller's thread.
   *
   * @param credentials what the client shows
   * @return what it is granted, within a few seconds; fails with {@link
   *     RefusedCredentialsException}, or with {@link AuthUnavailableException} if that cannot be
   *     told now
   */
  CompletionStage<Grant> authenticate(Credentials credentials);

  /**
   * @return whether it can tell who somebody is
   */
  default boolean isReady() {
    return true;
  }

  /** Ends its threads. */
  @Override
  default void close() {}

  /**
   * @return {@code auth=none}: everybody is who he says he is, and may join what he likes
   */
  static Authenticator none() {
    return credentials ->
        CompletableFuture.completedStage(Grant.unlimited(credentials.claimedUser()));
  }
}
