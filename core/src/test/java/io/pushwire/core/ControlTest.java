package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushwire.api.Payload;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ControlTest {
  static List<Control> messages() {
    List<Control.Change> changes =
        List.of(
            new Control.Change(true, 1, "42"),
            new Control.Change(false, Long.MAX_VALUE >> 1, "Zoë 😀 *?[]{}:.#"));
    return List.of(
        new Control.Heartbeat(1763661175123456L, 300, 7, 2000, true),
        new Control.Heartbeat(1, 0, 0, 50, false),
        new Control.Changes(5, 1_000_000, changes),
        new Control.Changes(5, 0, List.of()),
        new Control.SnapshotRequest(5, 1763661175123456L),
        new Control.SnapshotPart(5, 9, 3, true, List.of(changes.get(0))),
        new Control.SnapshotPart(5, 9, 0, false, List.of()),
        new Control.Farewell(5),
        new Control.Probe(5, 12),
        new Control.Close(5, 1, 1763661175123456L, 17, 4409, "closed, Zoë"),
        new Control.Closed(5, 1, true),
        new Control.Closed(5, Long.MAX_VALUE >> 1, false));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void isReadAsItWasWritten(Control message) {
    assertThat(Control.decode(message.encode())).contains(message);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void isRefusedWhenCut(Control message) {
    byte[] whole = message.encode().toByteArray();
    for (int length = 0; length < whole.length; length++) {
      Payload cut = Payload.wrap(Payload.Type.BINARY, whole, 0, length);
      assertThatThrownBy(() -> Control.decode(cut)).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void ignoresWhatALaterVersionSays() {
    assertThat(Control.decode(Payload.binary(new byte[] {99, 1, 2, 3}))).isEmpty();
  }

  @Test
  void randomBytesAreNeverMoreThanMalformed() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(40)];
      random.nextBytes(bytes);
      bytes[0] = (byte) (1 + random.nextInt(8));
      assertThatCode(
              () -> {
                try {
                  Control.decode(Payload.binary(bytes));
                } catch (MalformedException e) {
                  // the one answer that is allowed
                }
              })
          .doesNotThrowAnyException();
    }
  }
}
