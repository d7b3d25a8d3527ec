package io.pushwire.driver.redisqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PacerTest {
  private static final int WINDOW = 100;

  private final Pacer pacer = new Pacer(WINDOW);
  private final AtomicInteger begun = new AtomicInteger();

  @Test
  void beginsNoMoreThanTheWindow() {
    List<CompletableFuture<Void>> commands = new ArrayList<>();
    for (int i = 0; i < 3 * WINDOW; i++) {
      CompletableFuture<Void> command = new CompletableFuture<>();
      commands.add(command);
      pacer.start(() -> begun(command));
    }
    assertThat(begun).hasValue(WINDOW);
    commands.get(7).complete(null);
    assertThat(begun).hasValue(WINDOW + 1);
    commands.forEach(command -> command.completeExceptionally(new IllegalStateException("down")));
    assertThat(begun).hasValue(3 * WINDOW);
  }

  @Test
  void goesOnAfterCommandsThatCannotBegin() {
    for (int i = 0; i < 2 * WINDOW; i++) {
      pacer.start(
          () -> {
            throw new IllegalStateException("no command");
          });
    }
    pacer.start(() -> begun(CompletableFuture.completedStage(null)));
    assertThat(begun).hasValue(1);
  }

  @Test
  void forgetsNobodyWhenManyThreadsBeginAndEnd() {
    int threads = 4;
    int each = 50_000;
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ExecutorService ends = Executors.newFixedThreadPool(2);
    ExecutorService starts = Executors.newFixedThreadPool(threads);
    for (int t = 0; t < threads; t++) {
      starts.execute(
          () -> {
            for (int i = 0; i < each; i++) {
              boolean atOnce = i % 3 == 0;
              pacer.start(
                  () -> {
                    most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                    CompletableFuture<Void> command = new CompletableFuture<>();
                    Runnable end =
                        () -> {
                          underWay.decrementAndGet();
                          command.complete(null);
                        };
                    if (atOnce) {
                      end.run();
                    } else {
                      ends.execute(end);
                    }
                    return begun(command);
                  });
            }
          });
    }
    await().until(() -> begun.get() == threads * each);
    await().until(() -> underWay.get() == 0);
    assertThat(most.get()).isLessThanOrEqualTo(WINDOW);
    starts.shutdown();
    ends.shutdown();
  }

  private CompletionStage<?> begun(CompletionStage<?> command) {
    begun.incrementAndGet();
    return command;
  }
}
