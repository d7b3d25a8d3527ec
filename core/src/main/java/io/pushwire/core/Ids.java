package io.pushwire.core;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ids of envelopes.
 *
 * @since 0.1
 */
public final class Ids {
  private Ids() {}

  /**
   * @return a new id, ordered by time to the millisecond (UUID version 7, RFC 9562, section 5.7)
   */
  public static UUID next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long high = (System.currentTimeMillis() << 16) | 0x7000 | random.nextInt(0x1000);
    return new UUID(high, (random.nextLong() >>> 2) | 0x8000000000000000L);
  }

  /**
   * Turns an id that somebody else chose into one of ours. The source is part of it, so that one
   * producer cannot suppress the message of another (UUID version 8, RFC 9562, section 5.8: the
   * first bits of a SHA-256).
   *
   * @param source where it comes from: an API key's name, a queue, a channel
   * @param given the id as given
   * @return the same id for the same two texts
   */
  public static UUID derive(String source, String given) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(source.getBytes(StandardCharsets.UTF_8));
      sha.update((byte) 0);
      ByteBuffer hash = ByteBuffer.wrap(sha.digest(given.getBytes(StandardCharsets.UTF_8)));
      long high = (hash.getLong() & ~0xF000L) | 0x8000L;
      return new UUID(high, (hash.getLong() >>> 2) | 0x8000000000000000L);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has SHA-256", e);
    }
  }
}
