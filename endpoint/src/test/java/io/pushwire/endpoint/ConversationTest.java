package io.pushwire.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Payload;
import io.pushwire.core.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Calls never overlap and keep their order, whichever threads they come from. */
class ConversationTest {
  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final AtomicInteger closeCode = new AtomicInteger();
  private final Connection connection = new FakeConnection(closeCode);

  @AfterEach
  void end() {
    executor.shutdownNow();
  }

  @RepeatedTest(200)
  void callsKeepTheirOrder() throws InterruptedException {
    List<String> calls = new ArrayList<>(); // deliberately for one thread at a time
    AtomicInteger inside = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(1);
    ConnectionListener listener =
        new ConnectionListener() {
          @Override
          public void opened(Connection c) {
            note("opened");
          }

          @Override
          public void message(Connection c, Payload payload) {
            note(payload.text());
          }

          @Override
          public void closed(Connection c, int code, String reason) {
            note("closed");
            done.countDown();
          }

          private void note(String call) {
            calls.add(inside.incrementAndGet() == 1 ? call : "overlap");
            Thread.yield();
            inside.decrementAndGet();
          }
        };
    Conversation conversation = new Conversation(connection, listener, executor);
    int early = Conversation.MOST_WAITING;
    Thread container =
        new Thread(
            () -> {
              for (int i = 0; i < 100; i++) {
                if (i == early) {
                  await().pollInterval(Duration.ofMillis(1)).until(() -> !calls.isEmpty());
                }
                conversation.message(Payload.text("" + i));
              }
              conversation.close(CloseReasons.of(1000, ""));
            });
    container.start();
    conversation.open();
    done.await();
    container.join();
    List<String> expected = new ArrayList<>(List.of("opened"));
    for (int i = 0; i < 100; i++) {
      expected.add("" + i);
    }
    expected.add("closed");
    assertThat(calls).isEqualTo(expected);
  }

  @Test
  void aConnectionThatClosedBeforeItsBindIsNeverHeardOf() {
    Recorder recorder = new Recorder();
    Conversation conversation = new Conversation(connection, recorder, Runnable::run);
    conversation.message(Payload.text("early"));
    conversation.close(CloseReasons.of(1000, ""));
    conversation.open();
    conversation.message(Payload.text("late"));
    assertThat(recorder.calls).isEmpty();
  }

  @Test
  void closedIsCalledOnce() {
    Recorder recorder = new Recorder();
    Conversation conversation = new Conversation(connection, recorder, Runnable::run);
    conversation.open();
    conversation.close(CloseReasons.of(1000, ""));
    conversation.close(CloseReasons.of(1001, ""));
    assertThat(recorder.calls).containsExactly("opened", "closed 1000");
  }

  @Test
  void messagesAfterAFailureAreNotHeard() {
    Recorder recorder =
        new Recorder() {
          @Override
          public void message(Connection c, Payload payload) {
            super.message(c, payload);
            throw new IllegalStateException("no");
          }
        };
    Conversation conversation = new Conversation(connection, recorder, Runnable::run);
    conversation.message(Payload.text("1"));
    conversation.message(Payload.text("2"));
    conversation.open();
    conversation.message(Payload.text("3"));
    conversation.close(CloseReasons.of(1011, ""));
    assertThat(recorder.calls).containsExactly("opened", "message", "closed 1011");
    assertThat(closeCode).hasValue(CloseCode.INTERNAL);
  }
}
