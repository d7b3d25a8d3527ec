package io.pushwire.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.core.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which codes reach whom. */
class CloseTest {
  private final Recorder recorder = new Recorder();
  private final App app = App.start(node -> recorder, options -> options.maxMessage(1_000));

  @AfterEach
  void stop() {
    app.close();
  }

  private Client open() {
    Client client = Client.open(app.url("user=a"));
    await().until(() -> recorder.open.size() == 1);
    return client;
  }

  @Test
  void theApplicationCloses() {
    try (Client client = open()) {
      recorder.open.get(0).close(CloseCode.CLOSED_BY_API, "bye");
      assertThat(client.awaitClosed()).isEqualTo(CloseCode.CLOSED_BY_API);
      assertThat(client.closeReason).isEqualTo("bye");
      await().until(() -> recorder.calls.contains("closed 4409 bye"));
      await().until(() -> app.node.registry().size() == 0);
    }
  }

  @Test
  void aLongReasonIsCutAtACharacter() {
    try (Client client = open()) {
      recorder.open.get(0).close(CloseCode.POLICY, "𝄞".repeat(100));
      assertThat(client.awaitClosed()).isEqualTo(CloseCode.POLICY);
      assertThat(client.closeReason).isEqualTo("𝄞".repeat(30));
    }
  }

  @Test
  void theFirstCloseCounts() {
    try (Client client = open()) {
      Connection connection = recorder.open.get(0);
      connection.close(CloseCode.DRAIN, "");
      connection.close(CloseCode.INTERNAL, "");
      assertThat(client.awaitClosed()).isEqualTo(CloseCode.DRAIN);
    }
  }

  @Test
  void aCodeThatNoFrameCanHaveIsAMistake() {
    try (Client client = open()) {
      assertThatThrownBy(() -> recorder.open.get(0).close(5000, ""))
          .isInstanceOf(IllegalArgumentException.class);
      app.node.sender().send(Target.user("a"), Payload.text("still open"));
      client.awaitReceived(1);
    }
  }

  @Test
  void theClientCloses() {
    try (Client client = open()) {
      client.closeNormally(4000, "mine");
      await().until(() -> recorder.calls.contains("closed 4000 mine"));
      await().until(() -> app.node.registry().size() == 0);
    }
  }

  @Test
  void theClientIsGone() {
    try (Client client = open()) {
      client.cut();
      await().until(() -> recorder.calls.stream().anyMatch(call -> call.startsWith("closed 1006")));
      await().until(() -> app.node.registry().size() == 0);
    }
  }

  @Test
  void aMessageThatIsTooBig() {
    try (Client client = open()) {
      client.trySend(Payload.text("x".repeat(1_001)));
      assertThat(client.awaitClosed()).isEqualTo(CloseCode.TOO_BIG);
      await().until(() -> recorder.calls.size() == 2);
      assertThat(recorder.calls.get(1)).startsWith("closed 1009");
    }
  }
}
