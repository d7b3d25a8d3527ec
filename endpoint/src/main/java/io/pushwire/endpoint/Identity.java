package io.pushwire.endpoint;

import io.pushwire.api.Target;
import java.util.List;
import java.util.Optional;

/**
 * Who opens a connection, as the application found out at the handshake.
 *
 * @param user whose connection it is; empty: anonymous
 * @param topics what it joins before it is open
 * @since 0.1
 */
public record Identity(Optional<String> user, List<String> topics) {
  /** Checks that the names are good for a {@link Target}. */
  public Identity {
    user.ifPresent(Target::user);
    topics = List.copyOf(topics);
    topics.forEach(Target::topic);
  }

  /**
   * @param user a user's id
   * @return that user, with no topics
   * @throws IllegalArgumentException if it is no user id
   */
  public static Identity user(String user) {
    return new Identity(Optional.of(user), List.of());
  }

  /**
   * @return nobody known, with no topics
   */
  public static Identity anonymous() {
    return new Identity(Optional.empty(), List.of());
  }

  /**
   * @param topics what the connection joins
   * @return the same user, with these topics
   * @throws IllegalArgumentException if one is no topic name
   */
  public Identity joining(List<String> topics) {
    return new Identity(user, topics);
  }
}
