package io.pushwire.server.auth;

import com.nimbusds.jose.JWSHeader;
import java.security.Key;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The keys that tokens may be signed with. Any thread. */
interface TokenKeys extends AutoCloseable {
  /**
   * Returns at once.
   *
   * @param header of a token
   * @return the keys which may have signed it, perhaps none; fails with {@link
   *     AuthUnavailableException} if they are somewhere else and cannot be had
   */
  CompletionStage<List<Key>> matching(JWSHeader header);

  /**
   * @return whether there are any
   */
  default boolean isReady() {
    return true;
  }

  @Override
  default void close() {}

  /** One key that never changes. */
  static TokenKeys of(PinnedKey key) {
    return header -> CompletableFuture.completedStage(fitting(List.of(key), header));
  }

  static List<Key> fitting(List<PinnedKey> keys, JWSHeader header) {
    return keys.stream().filter(key -> key.fits(header)).map(PinnedKey::key).toList();
  }
}
