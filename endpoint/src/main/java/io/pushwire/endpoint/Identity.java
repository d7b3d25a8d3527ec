package io.pushwire.endpoint;

import io.pushwire.api.Target;
import java.util.List;
import java.util.Optional;

/**
 * Who opens a connection, as the application found out at the handshake. Immutable.
 *
 * @since 0.1
 */
public final class Identity {
  private static final Identity ANONYMOUS = new Identity(Optional.empty(), List.of());

  private final Optional<String> user;
  private final List<String> topics;

  private Identity(Optional<String> user, List<String> topics) {
    user.ifPresent(Target::user);
    topics.forEach(Target::topic);
    this.user = user;
    this.topics = topics;
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
    return ANONYMOUS;
  }

  /**
   * @param topics what the connection joins before it is open
   * @return the same user, with these topics
   * @throws IllegalArgumentException if one is no topic name
   */
  public Identity joining(List<String> topics) {
    return new Identity(user, List.copyOf(topics));
  }

  /**
   * @return whose connection it is; empty: anonymous
   */
  public Optional<String> user() {
    return user;
  }

  /**
   * @return what the connection joins before it is open
   */
  public List<String> topics() {
    return topics;
  }

  @Override
  public String toString() {
    return user.map(id -> "user " + id).orElse("anonymous") + ", topics " + topics;
  }
}
