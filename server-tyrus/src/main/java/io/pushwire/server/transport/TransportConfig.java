package io.pushwire.server.transport;

import io.pushwire.endpoint.SlowClientPolicy;
import java.time.Duration;

/**
 * The numbers of a {@link NettyServer}.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0: any free one
 * @param io how bytes reach the sockets
 * @param eventLoops how many threads do the I/O; each is a lane
 * @param maxSockets open sockets in all, HTTP and WebSocket; more are answered with 503 and closed
 * @param maxHttpBody the largest request, in bytes; more is 413
 * @param maxMessage the largest message of a client, in bytes; more closes it with 1009
 * @param outboxLimit the most bytes that wait for one connection's socket, but that an empty outbox
 *     takes a frame of any size; at least 64 KiB
 * @param slowClient what happens when there would be more
 * @param pingInterval after this long without a byte from a client it is pinged, after twice as
 *     long closed; zero: never
 */
public record TransportConfig(
    String host,
    int port,
    IoKind io,
    int eventLoops,
    int maxSockets,
    int maxHttpBody,
    int maxMessage,
    int outboxLimit,
    SlowClientPolicy slowClient,
    Duration pingInterval) {

  /**
   * The least outbox limit, {@value} bytes: less than what is joined into one write would call
   * every client slow.
   */
  public static final int LEAST_OUTBOX_LIMIT = Batch.JOIN_LIMIT;

  /** Checks the numbers. */
  public TransportConfig {
    atLeast("port", port, 0);
    atLeast("eventLoops", eventLoops, 1);
    atLeast("maxSockets", maxSockets, 1);
    atLeast("maxHttpBody", maxHttpBody, 0);
    atLeast("maxMessage", maxMessage, 1);
    atLeast("outboxLimit", outboxLimit, LEAST_OUTBOX_LIMIT);
    if (pingInterval.isNegative()) {
      throw new IllegalArgumentException("pingInterval must not be negative");
    }
  }

  /**
   * @return a builder that holds the defaults
   */
  public static Builder builder() {
    return new Builder();
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is " + value + ", the least is " + least);
    }
  }

  /** Makes a {@link TransportConfig}. */
  public static final class Builder {
    private String host = "127.0.0.1";
    private int port = 8080;
    private IoKind io = IoKind.best();
    private int eventLoops = Runtime.getRuntime().availableProcessors();
    private int maxSockets = 110_000;
    private int maxHttpBody = 1 << 20;
    private int maxMessage = 256 << 10;
    private int outboxLimit = 1 << 20;
    private SlowClientPolicy slowClient = SlowClientPolicy.CLOSE;
    private Duration pingInterval = Duration.ofSeconds(25);

    private Builder() {}

    /**
     * @param host the address to listen on
     * @return this
     */
    public Builder host(String host) {
      this.host = host;
      return this;
    }

    /**
     * @param port the port to listen on; 0: any free one
     * @return this
     */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /**
     * @param io how bytes reach the sockets
     * @return this
     */
    public Builder io(IoKind io) {
      this.io = io;
      return this;
    }

    /**
     * @param eventLoops how many threads do the I/O
     * @return this
     */
    public Builder eventLoops(int eventLoops) {
      this.eventLoops = eventLoops;
      return this;
    }

    /**
     * @param maxSockets open sockets in all
     * @return this
     */
    public Builder maxSockets(int maxSockets) {
      this.maxSockets = maxSockets;
      return this;
    }

    /**
     * @param maxHttpBody the largest request, in bytes
     * @return this
     */
    public Builder maxHttpBody(int maxHttpBody) {
      this.maxHttpBody = maxHttpBody;
      return this;
    }

    /**
     * @param maxMessage the largest message of a client, in bytes
     * @return this
     */
    public Builder maxMessage(int maxMessage) {
      this.maxMessage = maxMessage;
      return this;
    }

    /**
     * @param outboxLimit the most bytes that wait for one connection's socket
     * @return this
     */
    public Builder outboxLimit(int outboxLimit) {
      this.outboxLimit = outboxLimit;
      return this;
    }

    /**
     * @param slowClient what happens when they are more
     * @return this
     */
    public Builder slowClient(SlowClientPolicy slowClient) {
      this.slowClient = slowClient;
      return this;
    }

    /**
     * @param pingInterval after this long without a byte from a client it is pinged
     * @return this
     */
    public Builder pingInterval(Duration pingInterval) {
      this.pingInterval = pingInterval;
      return this;
    }

    /**
     * @return the configuration
     */
    public TransportConfig build() {
      return new TransportConfig(
          host,
          port,
          io,
          eventLoops,
          maxSockets,
          maxHttpBody,
          maxMessage,
          outboxLimit,
          slowClient,
          pingInterval);
    }
  }
}
