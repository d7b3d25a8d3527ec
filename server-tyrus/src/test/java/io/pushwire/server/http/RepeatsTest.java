package io.pushwire.server.http;

import static java.util.concurrent.CompletableFuture.completedStage;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the running server cannot show within the time of a test. */
class RepeatsTest {
  private static final UUID ID = new UUID(1, 2);

  private final long[] nanos = {0};
  private final Repeats repeats = new Repeats(() -> nanos[0]);
  private int sent;

  @Test
  void aRepeatIsRememberedForAMinute() {
    assertThat(send("a")).isEqualTo(1);
    pass(59);
    assertThat(send("a")).isEqualTo(1);
    pass(2);
    assertThat(send("a")).isEqualTo(2);
    pass(61);
    assertThat(send("another request, which is all right by now")).isEqualTo(3);
  }

  @Test
  void whatIsRememberedIsBounded() {
    for (int i = 0; i < 3 * Repeats.MAX_ENTRIES; i++) {
      repeats.once(new UUID(3, i), new byte[0], () -> completedStage(Json.object()));
    }
    assertThat(repeats.size()).isLessThanOrEqualTo(Repeats.MAX_ENTRIES);
  }

  private int send(String request) {
    return repeats
        .once(
            ID,
            request.getBytes(StandardCharsets.UTF_8),
            () -> completedStage(Json.object().put("sent", ++sent)))
        .toCompletableFuture()
        .join()
        .get("sent")
        .asInt();
  }

  private void pass(int seconds) {
    nanos[0] += TimeUnit.SECONDS.toNanos(seconds);
  }
}
