package io.pushwire.server.auth;

import java.time.Instant;
import java.util.Optional;

/**
 * Who a client is, and what it may do.
 *
 * @param user whose connection it will be; empty: anonymous
 * @param topics what it may join
 * @param expires when it must go; empty: never
 */
public record Grant(Optional<String> user, TopicPatterns topics, Optional<Instant> expires) {
  static Grant unlimited(Optional<String> user) {
    return new Grant(user, TopicPatterns.ALL, Optional.empty());
  }
}
