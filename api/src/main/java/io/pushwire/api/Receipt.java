package io.pushwire.api;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the broker said when it took a message. It says nothing about the user having seen it. What
 * the broker does not tell is absent, never invented.
 *
 * @since 0.1
 */
public final class Receipt {
  /** What became of the message. */
  public enum Status {
    /** The broker took it. */
    ACCEPTED,
    /** It waits for the user. */
    STORED,
    /** The broker says that nobody is there to get it; it is dropped. */
    NOBODY
  }

  private final UUID id;
  private final Status status;
  private final @Nullable Integer receivers;
  private final @Nullable Long waiting;
  private final @Nullable WhenOffline whenOffline;

  private Receipt(Builder b) {
    id = b.id;
    status = b.status;
    receivers = b.receivers;
    waiting = b.waiting;
    whenOffline = b.whenOffline;
  }

  /**
   * @param id the message's id
   * @param status what became of it
   * @return a builder
   */
  public static Builder builder(UUID id, Status status) {
    return new Builder(id, status);
  }

  /**
   * @return the message's id
   */
  public UUID id() {
    return id;
  }

  /**
   * @return what became of it
   */
  public Status status() {
    return status;
  }

  /**
   * @return how many nodes took it, if the broker tells
   */
  public OptionalInt receivers() {
    return receivers == null ? OptionalInt.empty() : OptionalInt.of(receivers);
  }

  /**
   * @return how many messages now wait for the user, if it was stored
   */
  public OptionalLong waiting() {
    return waiting == null ? OptionalLong.empty() : OptionalLong.of(waiting);
  }

  /**
   * @return the rule that was in force for a user who is nowhere connected; empty for other targets
   */
  public Optional<WhenOffline> whenOffline() {
    return Optional.ofNullable(whenOffline);
  }

  @Override
  public String toString() {
    return status
        + " "
        + id
        + (receivers == null ? "" : ", receivers " + receivers)
        + (waiting == null ? "" : ", waiting " + waiting)
        + (whenOffline == null ? "" : ", when offline " + whenOffline);
  }

  /** Makes a {@link Receipt}. Not for several threads at once. */
  public static final class Builder {
    private final UUID id;
    private final Status status;
    private @Nullable Integer receivers;
    private @Nullable Long waiting;
    private @Nullable WhenOffline whenOffline;

    private Builder(UUID id, Status status) {
      this.id = id;
      this.status = status;
    }

    /**
     * @param receivers how many nodes took it
     * @return this
     */
    public Builder receivers(int receivers) {
      this.receivers = receivers;
      return this;
    }

    /**
     * @param waiting how many messages now wait for the user
     * @return this
     */
    public Builder waiting(long waiting) {
      this.waiting = waiting;
      return this;
    }

    /**
     * @param whenOffline the rule that was in force
     * @return this
     */
    public Builder whenOffline(@Nullable WhenOffline whenOffline) {
      this.whenOffline = whenOffline;
      return this;
    }

    /**
     * @return the receipt
     */
    public Receipt build() {
      return new Receipt(this);
    }
  }
}
