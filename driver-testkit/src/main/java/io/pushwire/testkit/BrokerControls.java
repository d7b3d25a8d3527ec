package io.pushwire.testkit;

import io.pushwire.api.Target;
import java.util.Map;
import java.util.Set;

/**
 * What the contract may do to a driver's broker, which must be a private one. Supply what the
 * broker allows and name it in {@link #supported}: cases that need something else do not run, and
 * fail the driver only where it claims a capability that they alone can prove.
 *
 * <p>Every call blocks until it has taken effect. The contract undoes what it did: whatever it
 * killed it starts, whatever it paused it resumes.
 *
 * @since 0.1
 */
public interface BrokerControls {
  /** One thing that can be done to a broker. */
  enum Control {
    /** {@link #kill} and {@link #start}. */
    RESTART,
    /** {@link #pause} and {@link #resume}. */
    PAUSE,
    /** {@link #cut}. */
    CUT,
    /** {@link #flush}. */
    FLUSH,
    /** {@link #leftovers}. */
    LEFTOVERS,
    /** {@link #inject}. */
    INJECT
  }

  /**
   * @return what can be done
   */
  Set<Control> supported();

  /** Ends the broker as {@code kill -9} does, without a goodbye to anybody. */
  default void kill() {
    throw unsupported(Control.RESTART);
  }

  /** Starts the killed broker on the same port; returns when it takes connections. */
  default void start() {
    throw unsupported(Control.RESTART);
  }

  /**
   * Makes the broker fall silent without closing a connection, as SIGSTOP or a proxy that forwards
   * nothing.
   */
  default void pause() {
    throw unsupported(Control.PAUSE);
  }

  /** Ends the pause; what was held back goes on. */
  default void resume() {
    throw unsupported(Control.PAUSE);
  }

  /** Cuts every connection that drivers have to the broker; new ones are welcome at once. */
  default void cut() {
    throw unsupported(Control.CUT);
  }

  /** Makes the broker forget everything that it can be told to forget, and go on running. */
  default void flush() {
    throw unsupported(Control.FLUSH);
  }

  /**
   * Counts what drivers hold on the broker: its connections, and the channels, queues, keys and
   * bindings that belong to one application.
   *
   * @param prefix the application
   * @return the numbers by name, for example {@code connections=2, channels=4}; the contract asks
   *     before and after, and expects them to be equal
   */
  default Map<String, Long> leftovers(String prefix) {
    throw unsupported(Control.LEFTOVERS);
  }

  /**
   * Writes bytes to where the nodes' own envelopes for a target travel, as a node of another
   * version or a broken program would.
   *
   * @param prefix the application
   * @param target a topic or a user, to whom a node has subscribed
   * @param bytes to be written as they are
   */
  default void inject(String prefix, Target target, byte[] bytes) {
    throw unsupported(Control.INJECT);
  }

  /**
   * @return whether what the broker accepted is still there after {@link #kill} and {@link #start};
   *     then a driver that claims {@code AT_LEAST_ONCE} may lose nothing by it
   */
  default boolean durable() {
    return false;
  }

  /**
   * The same broker for a driver whose places are known: for the kit's own brokers, which serve
   * several drivers.
   *
   * @param injector writes to where its nodes' envelopes travel
   * @return what can be done to this broker, and {@link Control#INJECT}
   */
  default BrokerControls injecting(Injector injector) {
    return new InjectingControls(this, injector);
  }

  /** Does what {@link #inject} says. */
  @FunctionalInterface
  interface Injector {
    /**
     * Writes bytes to where the nodes' own envelopes for a target travel.
     *
     * @param prefix the application
     * @param target a topic or a user, to whom a node has subscribed
     * @param bytes to be written as they are
     */
    void inject(String prefix, Target target, byte[] bytes);
  }

  private UnsupportedOperationException unsupported(Control control) {
    return new UnsupportedOperationException(
        getClass().getName() + " says that it supports " + control + ", but does not implement it");
  }
}
