package io.pushwire.endpoint;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.pushwire.api.ConnectionId;
import io.pushwire.api.Payload;
import io.pushwire.api.PushwireException;
import io.pushwire.api.Target;
import io.pushwire.core.Connection;
import io.pushwire.core.Sender;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what a client says to one target, no faster than allowed. */
final class InboundListener implements ConnectionListener {
  private static final Logger log = LoggerFactory.getLogger(InboundListener.class);

  private final Sender sender;
  private final int ratePerSecond;
  private final Function<Connection, Optional<Target>> target;
  private final TimeMeter clock;
  private final Map<ConnectionId, Bucket> rates = new ConcurrentHashMap<>();
  private final LogLimit warnings = new LogLimit(Duration.ofSeconds(10));

  InboundListener(Sender sender, int ratePerSecond, Function<Connection, Optional<Target>> target) {
    this(sender, ratePerSecond, target, TimeMeter.SYSTEM_NANOTIME);
  }

  InboundListener(
      Sender sender,
      int ratePerSecond,
      Function<Connection, Optional<Target>> target,
      TimeMeter clock) {
    if (ratePerSecond < 1) {
      throw new IllegalArgumentException("A rate is at least 1 per second, not " + ratePerSecond);
    }
    this.sender = sender;
    this.ratePerSecond = ratePerSecond;
    this.target = target;
    this.clock = clock;
  }

  @Override
  public void message(Connection connection, Payload payload) {
    if (!rates.computeIfAbsent(connection.id(), id -> newRate()).tryConsume(1)) {
      connection.close(CloseCode.TOO_MANY_MESSAGES, "too many messages");
      return;
    }
    Optional<Target> to = target.apply(connection);
    if (to.isEmpty()) {
      connection.close(CloseCode.POLICY, "join exactly one topic to speak");
      return;
    }
    try {
      sender
          .send(to.get(), payload)
          .whenComplete(
              (receipt, failure) -> {
                if (failure != null) {
                  warn(failure);
                }
              });
    } catch (IllegalArgumentException e) {
      connection.close(CloseCode.TOO_BIG, "too big");
    } catch (PushwireException | IllegalStateException e) {
      warn(e);
    }
  }

  @Override
  public void closed(Connection connection, int code, String reason) {
    rates.remove(connection.id());
  }

  /** At most once in ten seconds: while the broker is away every message fails. */
  private void warn(Throwable failure) {
    if (warnings.allows()) {
      log.warn("What clients say is not sent: {}", failure.toString());
    }
  }

  private Bucket newRate() {
    return Bucket.builder()
        .addLimit(
            limit ->
                limit.capacity(ratePerSecond).refillGreedy(ratePerSecond, Duration.ofSeconds(1)))
        .withCustomTimePrecision(clock)
        .build();
  }
}
