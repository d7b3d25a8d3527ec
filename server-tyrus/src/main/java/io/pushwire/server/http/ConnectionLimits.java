package io.pushwire.server.http;

import io.github.bucket4j.Bucket;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections this node takes: in all, of one user, of one address. Any thread. */
public final class ConnectionLimits {
  /** What one household gets of IPv6: its addresses count as one. */
  private static final int HOME_NETWORK_BYTES = 8;

  private final Config config;
  private final Bucket handshakes;
  private final AtomicInteger connections = new AtomicInteger();
  private final ConcurrentMap<String, Integer> users = new ConcurrentHashMap<>();
  private final ConcurrentMap<InetAddress, Integer> addresses = new ConcurrentHashMap<>();

  /**
   * The numbers.
   *
   * @param connections {@code limits.connections}
   * @param perUser {@code limits.connections-per-user}; who has no user is not concerned
   * @param perAddress {@code limits.connections-per-address}
   * @param handshakesPerSecond {@code limits.handshakes-per-second}
   */
  public record Config(int connections, int perUser, int perAddress, int handshakesPerSecond) {}

  /**
   * @param config the numbers
   */
  public ConnectionLimits(Config config) {
    this.config = config;
    int rate = config.handshakesPerSecond();
    handshakes =
        Bucket.builder()
            .addLimit(limit -> limit.capacity(rate).refillGreedy(rate, Duration.ofSeconds(1)))
            .build();
  }

  /**
   * Counts a handshake, whatever comes of it.
   *
   * @throws HttpProblem 429 if there were too many in the last second
   */
  void handshake() {
    if (!handshakes.tryConsume(1)) {
      throw tooMany("More clients come to this node at once than it takes in a second", "1");
    }
  }

  /**
   * Takes a place.
   *
   * @param user whose connection it will be
   * @param address from where it comes
   * @return gives the place back; to be run once
   * @throws HttpProblem 503 if the node is full, 429 if user or address have all of theirs
   */
  Runnable take(Optional<String> user, InetAddress address) {
    InetAddress home = home(address);
    if (connections.incrementAndGet() > config.connections()) {
      connections.decrementAndGet();
      throw new HttpProblem(
          HttpResponseStatus.SERVICE_UNAVAILABLE,
          "This node has all the connections that limits.connections allows",
          Map.of("Retry-After", "1"));
    }
    if (user.isPresent() && !take(users, user.get(), config.perUser())) {
      connections.decrementAndGet();
      throw tooMany("This user has all the connections that one may have on this node", "10");
    }
    if (!take(addresses, home, config.perAddress())) {
      connections.decrementAndGet();
      user.ifPresent(id -> giveBack(users, id));
      throw tooMany("There are all the connections that one address may have on this node", "10");
    }
    return () -> {
      connections.decrementAndGet();
      user.ifPresent(id -> giveBack(users, id));
      giveBack(addresses, home);
    };
  }

  private static <K> boolean take(ConcurrentMap<K, Integer> counts, K key, int limit) {
    if (counts.merge(key, 1, Integer::sum) <= limit) {
      return true;
    }
    giveBack(counts, key);
    return false;
  }

  private static <K> void giveBack(ConcurrentMap<K, Integer> counts, K key) {
    counts.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
  }

  private static HttpProblem tooMany(String detail, String seconds) {
    return new HttpProblem(
        HttpResponseStatus.TOO_MANY_REQUESTS, detail, Map.of("Retry-After", seconds));
  }

  private static InetAddress home(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address;
    }
    byte[] network = address.getAddress();
    Arrays.fill(network, HOME_NETWORK_BYTES, network.length, (byte) 0);
    try {
      return InetAddress.getByAddress(network);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("An address has the length of an address", e);
    }
  }
}
