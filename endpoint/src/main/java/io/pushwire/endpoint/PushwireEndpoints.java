package io.pushwire.endpoint;

import io.pushwire.core.ConnectionRegistry;
import io.pushwire.core.Counters;
import io.pushwire.core.PushwireNode;
import jakarta.websocket.server.ServerEndpointConfig;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A node's endpoint in a Jakarta container, with the threads that write to its connections. {@link
 * #config} is what the container is given; {@link #close} comes before the node's.
 *
 * @since 0.1
 */
public final class PushwireEndpoints implements AutoCloseable {
  /** The most bytes that wait for one connection's socket, if nothing else is said: {@value}. */
  public static final int DEFAULT_OUTBOX_LIMIT = 1024 * 1024;

  /** The largest message taken from a client, if nothing else is said: {@value}. */
  public static final int DEFAULT_MAX_MESSAGE = 64 * 1024;

  /** How long a frame may be in flight, if nothing else is said. */
  public static final Duration DEFAULT_SEND_TIMEOUT = Duration.ofSeconds(30);

  private static final Duration CLOSE_STEP = Duration.ofSeconds(3);
  private static final int LISTENER_THREADS = 64;

  private final SessionLanes lanes;
  private final @Nullable ThreadPoolExecutor ownCalls;
  private final PushwireEndpoint endpoint;
  private final Origins origins;
  private final IdentityResolver resolver;
  private final AtomicBoolean closed = new AtomicBoolean();

  private PushwireEndpoints(Builder b) {
    lanes =
        new SessionLanes(
            b.registry, b.lanes, b.outboxLimit, b.slowClient, b.sendTimeout, b.counters);
    Executor calls = b.calls;
    ThreadPoolExecutor own = null;
    if (calls == null) {
      own = NamedThreads.pool("pushwire-listener-", LISTENER_THREADS);
      calls = own;
    }
    ownCalls = own;
    endpoint =
        new AdmittingEndpoint(
            new SessionConnections(b.registry, lanes), b.listener, b.registry, calls, b.maxMessage);
    origins = b.origins;
    resolver = b.resolver;
  }

  /**
   * @param node whose connections they will be
   * @return a builder
   */
  public static Builder builder(PushwireNode node) {
    return builder(node.registry());
  }

  /**
   * @param registry where the connections are bound
   * @return a builder
   */
  public static Builder builder(ConnectionRegistry registry) {
    return new Builder(registry);
  }

  /**
   * What {@code ServerContainer.addEndpoint} takes.
   *
   * @param path where clients connect, such as {@code /ws}; may have {@code {parameters}}
   * @return the endpoint's config; one for each path
   */
  public ServerEndpointConfig config(String path) {
    return ServerEndpointConfig.Builder.create(PushwireEndpoint.class, path)
        .configurator(new HandshakeConfigurator(() -> endpoint, origins, resolver))
        .build();
  }

  /**
   * Closes the connections with {@link CloseCode#NODE_GONE} and ends the threads. Blocks for a few
   * seconds at most; a second call does nothing.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    lanes.closeConnections(CLOSE_STEP);
    lanes.end(CLOSE_STEP);
    if (ownCalls != null) {
      NamedThreads.end(ownCalls, CLOSE_STEP);
    }
  }

  /** Makes {@link PushwireEndpoints}. Not for several threads at once. */
  public static final class Builder {
    private final ConnectionRegistry registry;
    private IdentityResolver resolver =
        handshake ->
            Optional.of(
                handshake
                    .principal()
                    .map(principal -> Identity.user(principal.getName()))
                    .orElseGet(Identity::anonymous));
    private ConnectionListener listener = Inbound.ignore();
    private Origins origins = Origins.sameHost();
    private Counters counters = Counters.NONE;
    private @Nullable Executor calls;
    private int lanes = Runtime.getRuntime().availableProcessors();
    private int outboxLimit = DEFAULT_OUTBOX_LIMIT;
    private SlowClientPolicy slowClient = SlowClientPolicy.CLOSE;
    private Duration sendTimeout = DEFAULT_SEND_TIMEOUT;
    private int maxMessage = DEFAULT_MAX_MESSAGE;

    private Builder(ConnectionRegistry registry) {
      this.registry = registry;
    }

    /**
     * @param resolver finds out who a client is; if not set, whom the container authenticated, or
     *     else anonymous
     * @return this
     */
    public Builder identity(IdentityResolver resolver) {
      this.resolver = resolver;
      return this;
    }

    /**
     * @param listener hears of the connections; if not set, what clients say is ignored
     * @return this
     */
    public Builder listener(ConnectionListener listener) {
      this.listener = listener;
      return this;
    }

    /**
     * Says which pages may connect. If not set, those of the same host; others are closed at once
     * with {@link CloseCode#NOT_ALLOWED}. With a list they get 403.
     *
     * @param allowed origins such as {@code https://example.org}, or {@code *}
     * @return this
     */
    public Builder origins(Set<String> allowed) {
      this.origins = Origins.listed(allowed);
      return this;
    }

    /**
     * @param counters counts the frames dropped for slow clients
     * @return this
     */
    public Builder counters(Counters counters) {
      this.counters = counters;
      return this;
    }

    /**
     * @param calls runs the listener's calls that are not made on the container's thread, and not
     *     on the caller's, which may be a lane; if not set, a pool of {@value
     *     PushwireEndpoints#LISTENER_THREADS} threads that ends with the endpoints
     * @return this
     */
    public Builder calls(Executor calls) {
      this.calls = calls;
      return this;
    }

    /**
     * @param count how many threads write; if not set, one for each core
     * @return this
     */
    public Builder lanes(int count) {
      this.lanes = atLeast(1, count, "lanes");
      return this;
    }

    /**
     * @param bytes the most bytes that wait for one connection's socket; each frame counts 64 more
     *     than its payload
     * @return this
     */
    public Builder outboxLimit(int bytes) {
      this.outboxLimit = atLeast(1, bytes, "bytes in an outbox");
      return this;
    }

    /**
     * @param policy what happens when they are more
     * @return this
     */
    public Builder slowClient(SlowClientPolicy policy) {
      this.slowClient = policy;
      return this;
    }

    /**
     * @param timeout how long the container may take to write one frame before the connection is
     *     closed with {@link CloseCode#TOO_SLOW}; zero: for ever
     * @return this
     */
    public Builder sendTimeout(Duration timeout) {
      if (timeout.isNegative()) {
        throw new IllegalArgumentException("A send time-out is not negative, but " + timeout);
      }
      this.sendTimeout = timeout;
      return this;
    }

    /**
     * @param size the largest message taken from a client, as the container counts it: characters
     *     of a text or bytes. Tomcat keeps a buffer of that size for each client that speaks
     * @return this
     */
    public Builder maxMessage(int size) {
      this.maxMessage = atLeast(1, size, "for the largest message");
      return this;
    }

    /**
     * Starts the lanes.
     *
     * @return the endpoints, which must be closed
     */
    public PushwireEndpoints build() {
      return new PushwireEndpoints(this);
    }

    private static int atLeast(int least, int value, String what) {
      if (value < least) {
        throw new IllegalArgumentException("At least " + least + " " + what + ", not " + value);
      }
      return value;
    }
  }
}
