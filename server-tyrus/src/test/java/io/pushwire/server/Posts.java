package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A backend that posts numbered messages to user 42, twenty a second whether they are answered or
 * not, and remembers what each answer was and how long it took.
 */
final class Posts implements AutoCloseable {
  private static final long GAP_MILLIS = 50;

  private final TestServer server;
  private final AtomicInteger next = new AtomicInteger();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /**
   * @param begun and ended: in nanoseconds
   */
  private record Answer(int number, long begun, long ended, int status, boolean retryAfter) {
    Duration took() {
      return Duration.ofNanos(ended - begun);
    }
  }

  Posts(TestServer server) {
    this.server = server;
    clock.scheduleAtFixedRate(
        () -> threads.execute(this::post), 0, GAP_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void post() {
    int number = next.getAndIncrement();
    long begun = System.nanoTime();
    HttpResponse<String> response =
        server.post("/v1/messages", "{\"to\":{\"user\":\"42\"},\"text\":\"m" + number + "\"}");
    boolean retryAfter = response.headers().firstValue("retry-after").isPresent();
    answers.add(new Answer(number, begun, System.nanoTime(), response.statusCode(), retryAfter));
  }

  /** Whether a post has been refused that began after this. */
  boolean isRefused(long since) {
    return answers.stream().anyMatch(a -> a.begun - since > 0 && a.status == 503);
  }

  /** Posts nothing more, and returns when all is answered. */
  void end() {
    clock.shutdown();
    try {
      assertThat(clock.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
      threads.shutdown();
      assertThat(threads.awaitTermination(40, TimeUnit.SECONDS)).as("all are answered").isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    assertThat(answers).as("each post is answered").hasSize(next.get());
  }

  @Override
  public void close() {
    clock.shutdownNow();
    threads.shutdownNow();
  }

  /** What the server took, in no order. */
  List<String> accepted() {
    return answers.stream().filter(a -> a.status == 202).map(a -> "m" + a.number).toList();
  }

  /**
   * What was posted while the broker was away was refused: in time, and once one had been, at once,
   * whatever single ones wait for on a busy machine.
   *
   * @param begin and end: between them all had to be refused
   * @param atOnce more than half of those that began after the first refusal
   * @return the longest of all, and what half of the later ones kept to
   */
  List<Duration> assertRefused(long begin, long end, Duration inTime, Duration atOnce) {
    List<Answer> meanwhile =
        answers.stream().filter(a -> a.begun - begin > 0 && end - a.begun > 0).toList();
    assertThat(meanwhile)
        .isNotEmpty()
        .allMatch(a -> a.status == 503 && a.retryAfter && a.took().compareTo(inTime) < 0);
    long noticed = meanwhile.stream().mapToLong(a -> a.ended).min().orElseThrow();
    List<Duration> later =
        meanwhile.stream().filter(a -> a.begun - noticed > 0).map(Answer::took).sorted().toList();
    Duration half = later.get(later.size() / 2);
    assertThat(half).isLessThan(atOnce);
    return List.of(Collections.max(meanwhile.stream().map(Answer::took).toList()), half);
  }
}
