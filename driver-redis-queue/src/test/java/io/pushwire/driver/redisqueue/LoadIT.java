package io.pushwire.driver.redisqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Envelope;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.testkit.Peer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A hundred thousand users who are online on one node. */
class LoadIT {
  private static final int USERS = 100_000;
  private static final int ROUNDS = 5;
  private static final long MOST_MICROS = 50_000;

  private final Redis redis = Redis.start();

  @AfterEach
  void stop() throws Exception {
    redis.close();
  }

  @Test
  void costNextToNothingWhileNothingHappensAndAreServedSoon() {
    Peer holder = redis.peer("holder");
    Peer sender = redis.peer("sender");
    int connections = redis.server().connections();
    List<Target> users = IntStream.range(0, USERS).mapToObj(i -> Target.user("u" + i)).toList();
    holder.driver().subscribe(users).toCompletableFuture().join();
    assertThat(redis.server().connections()).as("connections").isEqualTo(connections);
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(2))
        .until(() -> looksSinceLastTime() == 0);
    System.out.println("Idle, Redis is busy for " + idleMicros() + " us per second");
    foreignArrives(holder);
    System.out.println("Foreign push: " + foreignArrives(holder).toMillis() + " ms");
    // whatever else the machine does, it does not do it all the time
    long p99 = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS && (Redis.LONG || p99 > MOST_MICROS); round++) {
      p99 = Math.min(p99, p99(latencies(sender, holder)));
    }
    assertThat(p99).as("p99 in us of the best round").isLessThan(MOST_MICROS);
  }

  private static long p99(long[] micros) {
    long p99 = micros[micros.length * 99 / 100];
    System.out.printf(
        "Own send at 2,000/s: p50 %d us, p99 %d us, most %d us%n",
        micros[micros.length / 2], p99, micros[micros.length - 1]);
    return p99;
  }

  /** Each list is looked at once, and watched from then on. */
  private long looksSinceLastTime() {
    long looks = redis.server().commandCalls().getOrDefault("exists", 0L);
    redis.server().command("CONFIG", "RESETSTAT");
    return looks > 50 ? looks : 0;
  }

  private double idleMicros() {
    int seconds = Redis.LONG ? 10 : 3;
    redis.server().command("CONFIG", "RESETSTAT");
    await()
        .pollDelay(Duration.ofSeconds(seconds))
        .atMost(Duration.ofSeconds(seconds + 2))
        .until(() -> true);
    double micros =
        redis
                .server()
                .info("commandstats")
                .lines()
                .filter(line -> line.contains("usec="))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*,usec=(\\d+),.*", "$1")))
                .sum()
            / (double) seconds;
    assertThat(micros).as("us per second").isLessThan(5000);
    return micros;
  }

  private Duration foreignArrives(Peer holder) {
    Target user = Target.user("u77777");
    int before = holder.delivery().count(user);
    long begin = System.nanoTime();
    redis.server().command("LPUSH", "user_u77777_messages", "foreign");
    holder.await(user, before + 1);
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    assertThat(took).isLessThan(Duration.ofMillis(1500));
    return took;
  }

  private long[] latencies(Peer sender, Peer holder) {
    int count = Redis.LONG ? 20_000 : 4_000;
    AtomicLongArray micros = new AtomicLongArray(count);
    AtomicInteger arrived = new AtomicInteger();
    holder.delivery().keepNothing();
    holder
        .delivery()
        .onDeliver(
            envelope -> {
              ByteBuffer in = envelope.payload().bytes();
              int number = in.getInt();
              micros.set(number, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - in.getLong()));
              arrived.incrementAndGet();
            });
    long due = System.nanoTime();
    for (int i = 0; i < count; i++) {
      byte[] bytes = ByteBuffer.allocate(128).putInt(i).putLong(System.nanoTime()).array();
      Target user = Target.user("u" + (i * 7919L) % USERS);
      Envelope envelope = sender.envelope(user, Payload.binary(bytes)).build();
      sender.publish(envelope);
      due += TimeUnit.SECONDS.toNanos(1) / 2000;
      LockSupport.parkNanos(due - System.nanoTime());
    }
    await().atMost(Duration.ofSeconds(10)).until(() -> arrived.get() == count);
    long[] all = IntStream.range(count / 4, count).mapToLong(micros::get).toArray();
    Arrays.sort(all);
    return all;
  }
}
