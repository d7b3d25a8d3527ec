package io.pushwire.api;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What travels between nodes: a payload, whom it is for, and what the receiving node must know of
 * it. Immutable.
 *
 * @since 0.1
 */
public final class Envelope {
  /** Who reads the envelope. */
  public enum Kind {
    /** Its payload is for browsers. */
    MESSAGE,
    /** It is for the nodes themselves; never taken from foreign producers. */
    CONTROL
  }

  private final UUID id;
  private final boolean idGiven;
  private final Kind kind;
  private final Target target;
  private final Payload payload;
  private final @Nullable Duration ttl;
  private final @Nullable WhenOffline whenOffline;
  private final Set<ConnectionId> except;
  private final Map<String, String> headers;
  private final @Nullable NodeId origin;
  private final Instant sentAt;

  private Envelope(Builder b) {
    id = Objects.requireNonNull(b.id, "id");
    idGiven = b.idGiven;
    kind = b.kind;
    target = b.target;
    payload = b.payload;
    ttl = b.ttl;
    whenOffline = b.whenOffline;
    except = b.except;
    headers = Map.copyOf(b.headers);
    origin = b.origin;
    sentAt = Objects.requireNonNull(b.sentAt, "sentAt");
  }

  /**
   * @param target whom it is for
   * @param payload what it carries
   * @return a builder for a message; id and time of sending must still be set
   */
  public static Builder builder(Target target, Payload payload) {
    return new Builder(target, payload);
  }

  /**
   * @return a builder that holds all this envelope has
   */
  public Builder toBuilder() {
    Builder b = new Builder(target, payload);
    b.id = id;
    b.idGiven = idGiven;
    b.kind = kind;
    b.ttl = ttl;
    b.whenOffline = whenOffline;
    b.except = except;
    b.headers.putAll(headers);
    b.origin = origin;
    b.sentAt = sentAt;
    return b;
  }

  /**
   * @return the id, ordered by time when Pushwire made it; with the target it is the identity
   */
  public UUID id() {
    return id;
  }

  /**
   * @return whether the sender chose the id, so that a repeat must be recognised on every driver
   */
  public boolean idGiven() {
    return idGiven;
  }

  /**
   * @return message or control
   */
  public Kind kind() {
    return kind;
  }

  /**
   * @return whom it is for
   */
  public Target target() {
    return target;
  }

  /**
   * @return what it carries
   */
  public Payload payload() {
    return payload;
  }

  /**
   * @return how long after {@link #sentAt} it is worth delivering; empty: for ever
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
   * @return what travels beside the payload, such as {@code traceparent}
   */
  public Map<String, String> headers() {
    return headers;
  }

  /**
   * @return the node that sent it; empty if a foreign producer did
   */
  public Optional<NodeId> origin() {
    return Optional.ofNullable(origin);
  }

  /**
   * @return when it was sent, by the clock of its origin, in milliseconds
   */
  public Instant sentAt() {
    return sentAt;
  }

  /**
   * @param now the time by the clock of this node
   * @return whether its time to live is over
   */
  public boolean expired(Instant now) {
    return ttl != null && now.isAfter(sentAt.plus(ttl));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Envelope that
        && id.equals(that.id)
        && idGiven == that.idGiven
        && kind == that.kind
        && target.equals(that.target)
        && payload.equals(that.payload)
        && Objects.equals(ttl, that.ttl)
        && whenOffline == that.whenOffline
        && except.equals(that.except)
        && headers.equals(that.headers)
        && Objects.equals(origin, that.origin)
        && sentAt.equals(that.sentAt);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, target);
  }

  /** Id, target and size; never the content, which belongs in no log. */
  @Override
  public String toString() {
    return kind + " " + id + " to " + target + ", " + payload;
  }

  /** Makes an {@link Envelope}. Not for several threads at once. */
  public static final class Builder {
    private final Target target;
    private final Payload payload;
    private @Nullable UUID id;
    private boolean idGiven;
    private Kind kind = Kind.MESSAGE;
    private @Nullable Duration ttl;
    private @Nullable WhenOffline whenOffline;
    private Set<ConnectionId> except = Set.of();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private @Nullable NodeId origin;
    private @Nullable Instant sentAt;

    private Builder(Target target, Payload payload) {
      this.target = target;
      this.payload = payload;
    }

    /**
     * @param id an id that no other envelope has
     * @return this
     */
    public Builder id(UUID id) {
      this.id = id;
      this.idGiven = false;
      return this;
    }

    /**
     * @param id an id that the sender chose, and may use again for the same message
     * @return this
     */
    public Builder givenId(UUID id) {
      this.id = id;
      this.idGiven = true;
      return this;
    }

    /**
     * @param kind message or control
     * @return this
     */
    public Builder kind(Kind kind) {
      this.kind = kind;
      return this;
    }

    /**
     * @param ttl how long after the sending it is worth delivering
     * @return this
     */
    public Builder ttl(@Nullable Duration ttl) {
      this.ttl = ttl == null ? null : Duration.ofMillis(ttl.toMillis());
      return this;
    }

    /**
     * @param whenOffline what becomes of it if the user is nowhere connected
     * @return this
     */
    public Builder whenOffline(@Nullable WhenOffline whenOffline) {
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
     * @param name a header
     * @param value its value
     * @return this
     */
    public Builder header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    /**
     * @param origin the node that sends it
     * @return this
     */
    public Builder origin(@Nullable NodeId origin) {
      this.origin = origin;
      return this;
    }

    /**
     * @param sentAt when it is sent; cut to milliseconds
     * @return this
     */
    public Builder sentAt(Instant sentAt) {
      this.sentAt = Instant.ofEpochMilli(sentAt.toEpochMilli());
      return this;
    }

    /**
     * @return the envelope
     * @throws NullPointerException if id or time of sending are missing
     */
    public Envelope build() {
      return new Envelope(this);
    }
  }
}
