package io.pushwire.driver.redisqueue;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.Envelope;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.testkit.Peer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The driver from node to node beside {@link BareLoop}, in turns in one run. As a program: {@code
 * main}.
 */
class ThroughputIT {
  private static final int ROUNDS = Redis.LONG ? 9 : 3;
  private static final int MESSAGES = Redis.LONG ? 200_000 : 20_000;
  private static final int USERS = 10_000;

  /** What a busy machine may take from what is measured on a quiet one. */
  private static final double LEAST = Redis.LONG ? 0.8 : 0.6;

  private final Redis redis = Redis.start();
  private final byte[] body = new byte[128];

  public static void main(String[] args) throws Exception {
    ThroughputIT run = new ThroughputIT();
    try {
      run.ratio();
    } finally {
      run.stop();
    }
  }

  @AfterEach
  void stop() throws Exception {
    redis.close();
  }

  @Test
  void storesAndDeliversMostOfWhatTheBareScriptsDo() throws Exception {
    assertThat(ratio()).isGreaterThan(LEAST);
  }

  private double ratio() throws Exception {
    Arrays.fill(body, (byte) 'x');
    Keys keys = new Keys(Keys.DEFAULT_PREFIX, Keys.DEFAULT_LISTS);
    List<Target> users = IntStream.range(0, USERS).mapToObj(i -> Target.user("u" + i)).toList();
    double[] bare = new double[ROUNDS];
    double[] ours = new double[ROUNDS];
    Peer from = redis.peer("a");
    Peer to = redis.peer("b");
    to.delivery().keepNothing();
    to.driver().subscribe(users).toCompletableFuture().join();
    try (BareLoop loop = new BareLoop(redis.server().uri(), keys, to.self(), USERS)) {
      loop.run(new Load(MESSAGES, USERS), body);
      run(from, to, users);
      for (int i = 0; i < ROUNDS; i++) {
        bare[i] = loop.run(new Load(MESSAGES, USERS), body);
        ours[i] = run(from, to, users);
      }
    }
    double[] ratios = new double[ROUNDS];
    Arrays.setAll(ratios, i -> ours[i] / bare[i]);
    System.out.printf(
        "128 B, stored and delivered, %,d users: bare scripts %,.0f/s, driver %,.0f/s, ratio %.2f"
            + " (medians of %d turns)%n",
        USERS, median(bare), median(ours), median(ratios), ROUNDS);
    return median(ratios);
  }

  private double run(Peer from, Peer to, List<Target> users) throws InterruptedException {
    Load load = new Load(MESSAGES, USERS);
    to.delivery()
        .onDeliver(
            envelope -> {
              String user = ((Target.User) envelope.target()).id();
              load.delivered(Integer.parseInt(user.substring(1)));
            });
    return load.run(
        index -> {
          Payload payload = Payload.wrap(Payload.Type.TEXT, body, 0, body.length);
          Envelope.Builder envelope = from.envelope(users.get(index), payload);
          return from.publish(envelope.whenOffline(null).build());
        });
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
