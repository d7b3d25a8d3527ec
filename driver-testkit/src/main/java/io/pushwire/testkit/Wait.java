package io.pushwire.testkit;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Waits for conditions, never for time to pass. */
final class Wait {
  /** Far more than anything needs that works. */
  static final Duration PATIENCE = Duration.ofSeconds(15);

  private Wait() {}

  static void until(BooleanSupplier condition, Supplier<String> otherwise) {
    until(PATIENCE, condition, otherwise);
  }

  static void until(Duration atMost, BooleanSupplier condition, Supplier<String> otherwise) {
    if (!within(atMost, condition)) {
      throw new AssertionError("After " + atMost.toMillis() + " ms: " + otherwise.get());
    }
  }

  /** Whether the condition came true in time. */
  static boolean within(Duration atMost, BooleanSupplier condition) {
    try {
      Awaitility.await()
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(2))
          .atMost(atMost)
          .until(condition::getAsBoolean);
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  /** The stage's value; its failure is thrown as it is. */
  static <T> T done(CompletionStage<T> stage, String what) {
    return done(stage, PATIENCE, what);
  }

  static <T> T done(CompletionStage<T> stage, Duration atMost, String what) {
    try {
      return stage.toCompletableFuture().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new CompletionException(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError(what + " did not complete within " + atMost.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(what + " took longer than the whole test may", e);
    }
  }
}
