package io.pushwire.driver.redispubsub;

import static org.awaitility.Awaitility.await;

import io.pushwire.api.NodeId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Payload;
import io.pushwire.api.PublishException;
import io.pushwire.api.Target;
import io.pushwire.core.Settings;
import io.pushwire.testkit.Peer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Drivers, opened as nodes open them. */
final class Peers {
  static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Whether tests run at full size. */
  static final boolean LONG = Boolean.getBoolean("pushwire.long");

  private static final AtomicLong STARTS = new AtomicLong();

  private Peers() {}

  static Peer open(String node, String uri, String... more) {
    Map<String, String> settings = new HashMap<>(Map.of("uri", uri));
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    NodeInfo self = NodeInfo.of(new NodeId(node), STARTS.incrementAndGet());
    return new Peer(new RedisPubSubDriverProvider(), self, Settings.of(settings));
  }

  /** Waits for a stage; its failure is thrown as it is. */
  static <T> T done(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError("not in time, or worse", e);
    }
  }

  /** Sends until something sent after this call has arrived, and returns how long that took. */
  static Duration untilFlows(Peer from, Peer to, Target target) {
    long begin = System.nanoTime();
    int before = to.delivery().count(target);
    await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .atMost(PATIENCE)
        .until(
            () -> {
              tryToSend(from, target);
              return to.delivery().count(target) > before;
            });
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** Whether Redis took it. */
  static boolean tryToSend(Peer from, Target target) {
    try {
      done(from.publish(from.envelope(target, Payload.text("x")).build()));
      return true;
    } catch (PublishException e) {
      return false;
    }
  }
}
