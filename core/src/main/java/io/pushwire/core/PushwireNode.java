package io.pushwire.core;

import io.pushwire.api.ConfigurationException;
import io.pushwire.api.Envelope;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.PushwireException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node: the driver, the registry of its connections, and the sender, started and closed
 * in the right order. A backend that only sends is a node without connections.
 *
 * <pre>{@code
 * try (PushwireNode node = PushwireNode.builder().settings(Settings.of(Map.of("driver", "memory"))).open()) {
 *   node.sender().send(Target.user("42"), Payload.text("paid"));
 * }
 * }</pre>
 *
 * @since 0.1
 */
public final class PushwireNode implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PushwireNode.class);
  private static final int NODE_GONE = 1001;
  private static final AtomicLong LAST_INCARNATION = new AtomicLong();

  private final NodeInfo self;
  private final MessageDriverProvider provider;
  private final LazyLink driver;
  private final Cluster cluster;
  private final LocalRegistry registry;
  private final LocalDelivery delivery;
  private final NodeSender sender;
  private final AtomicBoolean closed = new AtomicBoolean();

  private PushwireNode(Builder b, NodeConfig config) {
    self = NodeInfo.of(config.id(), newIncarnation());
    provider =
        b.provider != null ? b.provider : new DriverLoader(b.classLoader).load(config.driver());
    LazyLink link = new LazyLink();
    driver = link;
    Clock clock = Clock.systemUTC();
    cluster = new Cluster(self, config, link, b.counters, clock);
    registry = new LocalRegistry(self, b.counters, link, cluster.roster(), cluster.closes());
    cluster.closes().serve(registry);
    boolean mayRepeat = provider.capabilities().contains(Capability.AT_LEAST_ONCE);
    delivery = new LocalDelivery(registry, cluster, b.counters, clock, mayRepeat, b.arrivals);
    DriverContext context =
        new NodeContext(
            self,
            b.settings.below("driver").below(provider.name()),
            delivery,
            b.counters,
            new EnvelopeCodec(),
            new ForeignParser(clock),
            config.maxPayloadSize());
    try {
      link.open(() -> openDriver(context), config.lazy());
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
    cluster.start();
    sender = new NodeSender(self, driver, provider, b.counters, clock, config.maxPayloadSize());
    log.info(
        "Node {} is up: driver {} ({}), {}",
        self,
        provider.name(),
        DriverLoader.origin(provider.getClass()),
        provider.capabilities().contains(Capability.AT_LEAST_ONCE)
            ? "at least once"
            : "at most once");
  }

  private MessageDriver openDriver(DriverContext context) {
    try {
      return provider.open(context);
    } catch (LinkageError e) {
      throw new ConfigurationException(
          "The driver "
              + provider.name()
              + " ("
              + DriverLoader.origin(provider.getClass())
              + ") does not find what it needs: "
              + e
              + ". Put the jars that it depends on beside it",
          e);
    }
  }

  /**
   * @return a builder with no settings
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * @return sends messages
   */
  public Sender sender() {
    return sender;
  }

  /**
   * @return who is connected
   */
  public ConnectionRegistry registry() {
    return registry;
  }

  /**
   * @return this start of this node
   */
  public NodeInfo info() {
    return self;
  }

  /**
   * @return the name of the driver in use
   */
  public String driverName() {
    return provider.name();
  }

  /**
   * @return what waits for users who are offline; empty if the driver keeps nothing for them
   */
  public Optional<StoredMessages> storedMessages() {
    return driver.storedMessages(
        provider.capabilities().contains(Capability.STORES_FOR_OFFLINE_USERS));
  }

  /**
   * @return whether messages come through the link to the broker, as the node's probe found
   */
  public LinkStatus link() {
    return cluster.link();
  }

  /**
   * Closes connections that are still bound, then the driver. Blocks for some seconds at most; a
   * second call does nothing. Sends fail from now on, and nothing is delivered any more once it
   * returns.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    sender.close();
    registry.closeAll(NODE_GONE, "The node goes away");
    cluster.close();
    try {
      driver.close();
    } catch (RuntimeException e) {
      log.warn("The driver {} did not close cleanly", provider.name(), e);
    }
    delivery.close();
    log.info("Node {} is closed", self);
  }

  /** Microseconds since 1970, so that a later start is greater, and no two of one process equal. */
  private static long newIncarnation() {
    long now = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    return LAST_INCARNATION.updateAndGet(last -> Math.max(last + 1, now));
  }

  /** Opens a {@link PushwireNode}. Not for several threads at once. */
  public static final class Builder {
    private Settings settings = Settings.of(Map.of());
    private Optional<NodeConfig> config = Optional.empty();
    private Counters counters = Counters.NONE;
    private @Nullable Consumer<Envelope> arrivals;
    private ClassLoader classLoader = PushwireNode.class.getClassLoader();
    private @Nullable MessageDriverProvider provider;

    private Builder() {
      ClassLoader context = Thread.currentThread().getContextClassLoader();
      if (context != null) {
        classLoader = context;
      }
    }

    /**
     * @param settings the node's keys, and below {@code driver.<name>.} the driver's
     * @return this
     */
    public Builder settings(Settings settings) {
      this.settings = settings;
      return this;
    }

    /**
     * Gives the node's own config, read before; the settings are then only the driver's.
     *
     * @param config the node's config
     * @return this
     */
    public Builder config(NodeConfig config) {
      this.config = Optional.of(config);
      return this;
    }

    /**
     * @param counters counts what passes
     * @return this
     */
    public Builder counters(Counters counters) {
      this.counters = counters;
      return this;
    }

    /**
     * Hears of each message that this node is about to give to its connections, once, before any of
     * them gets it: with its headers, such as {@code traceparent}, with which a trace can go on.
     *
     * @param arrivals called on a thread of the driver; must not block. What it throws is logged
     * @return this
     */
    public Builder arrivals(Consumer<Envelope> arrivals) {
      this.arrivals = arrivals;
      return this;
    }

    /**
     * Uses this driver, whatever the settings and the class path say.
     *
     * @param provider makes the driver
     * @return this
     */
    public Builder driver(MessageDriverProvider provider) {
      this.provider = provider;
      return this;
    }

    /**
     * @param classLoader where drivers are looked for; the thread's context class loader if not set
     * @return this
     */
    public Builder classLoader(ClassLoader classLoader) {
      this.classLoader = classLoader;
      return this;
    }

    /**
     * Opens the node. Blocks until the driver is connected.
     *
     * @return the node, ready to send and to bind connections
     * @throws ConfigurationException if settings are wrong or no driver fits; lists all problems
     * @throws PushwireException if the broker cannot be reached and {@code driver.lazy} is false
     */
    public PushwireNode open() {
      return new PushwireNode(this, config.orElseGet(() -> NodeConfig.from(settings)));
    }
  }
}
