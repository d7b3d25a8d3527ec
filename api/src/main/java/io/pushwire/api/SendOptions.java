package io.pushwire.api;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a message is to be sent. What is not set is left to the driver's default, which the receipt
 * names.
 *
 * @since 0.1
 */
public final class SendOptions {
  /** Nothing asked for. */
  public static final SendOptions NONE = builder().build();

  private final @Nullable Duration ttl;
  private final @Nullable WhenOffline whenOffline;
  private final Set<ConnectionId> except;
  private final @Nullable UUID id;
  private final Map<String, String> headers;

  private SendOptions(Builder b) {
    ttl = b.ttl;
    whenOffline = b.whenOffline;
    except = b.except;
    id = b.id;
    headers = Map.copyOf(b.headers);
  }

  /**
   * @return a builder with nothing set
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * @return how long the message is worth delivering, counted from the send
   */
  public Optional<Duration> ttl() {
    return Optional.ofNullable(ttl);
  }

  /**
   * @return what becomes of it if the user is nowhere connected; empty: the driver's default
   */
  public Optional<WhenOffline> whenOffline() {
    return Optional.ofNullable(whenOffline);
  }

  /**
   * @return connections that do not get it although they belong to the target
   */
  public Set<ConnectionId> except() {
    return except;
  }

  /**
   * @return the id given by the caller; a node drops a second message to the same target with the
   *     same id within 60 seconds. Empty: a new one, never repeated
   */
  public Optional<UUID> id() {
    return Optional.ofNullable(id);
  }

  /**
   * @return what travels beside the payload, such as {@code traceparent}; browsers do not see it
   */
  public Map<String, String> headers() {
    return headers;
  }

  /** Makes {@link SendOptions}. Not for several threads at once. */
  public static final class Builder {
    private @Nullable Duration ttl;
    private @Nullable WhenOffline whenOffline;
    private Set<ConnectionId> except = Set.of();
    private @Nullable UUID id;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private Builder() {}

    /**
     * @param ttl how long the message is worth delivering; at least a millisecond
     * @return this
     */
    public Builder ttl(Duration ttl) {
      if (ttl.toMillis() < 1) {
        throw new IllegalArgumentException("A ttl is at least a millisecond, not " + ttl);
      }
      this.ttl = ttl;
      return this;
    }

    /**
     * @param whenOffline what becomes of it if the user is nowhere connected
     * @return this
     */
    public Builder whenOffline(WhenOffline whenOffline) {
      this.whenOffline = whenOffline;
      return this;
    }

    /**
     * @param except connections that do not get it
     * @return this
     */
    public Builder except(Set<ConnectionId> except) {
      this.except = Set.copyOf(except);
      return this;
    }

    /**
     * @param id given to every target of the send; identity is the pair of target and id
     * @return this
     */
    public Builder id(UUID id) {
      this.id = id;
      return this;
    }

    /**
     * @param name a header
     * @param value its value
     * @return this
     */
    public Builder header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    /**
     * @return the options
     */
    public SendOptions build() {
      return new SendOptions(this);
    }
  }
}
