package io.pushwire.driver.redisqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Messages to users at random, of whom each has five at most that are not delivered. */
final class Load {
  private static final int MOST_EACH = 5;
  private static final int MOST_UNDER_WAY = 2000;

  private final int messages;
  private final Semaphore[] open;
  private final Semaphore window = new Semaphore(MOST_UNDER_WAY);
  private final CountDownLatch missing;

  Load(int messages, int users) {
    this.messages = messages;
    this.missing = new CountDownLatch(messages);
    open = new Semaphore[users];
    for (int i = 0; i < users; i++) {
      open[i] = new Semaphore(MOST_EACH);
    }
  }

  /**
   * Sends them all, and waits until they are delivered.
   *
   * @param send sends one to a user; the stage completes when it is stored
   * @return how many it were in a second
   */
  double run(IntFunction<CompletionStage<?>> send) throws InterruptedException {
    Random random = new Random(messages);
    long begin = System.nanoTime();
    for (int i = 0; i < messages; i++) {
      int user = random.nextInt(open.length);
      open[user].acquire();
      window.acquire();
      send.apply(user).thenRun(window::release);
    }
    assertThat(missing.await(2, TimeUnit.MINUTES)).as("all arrive").isTrue();
    return messages * 1e9 / (System.nanoTime() - begin);
  }

  void delivered(int user) {
    open[user].release();
    missing.countDown();
  }
}
