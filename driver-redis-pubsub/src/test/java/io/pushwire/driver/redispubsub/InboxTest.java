package io.pushwire.driver.redispubsub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InboxTest {
  @Test
  void keepsTheOrder() throws InterruptedException {
    Inbox inbox = new Inbox(10_000);
    List<Inbox.Received> batch = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      inbox.put(new Inbox.Received("c" + i, new byte[i]));
    }
    assertThat(inbox.take(batch, 3, 1000)).isTrue();
    assertThat(inbox.take(batch, 10, 1000)).isTrue();
    assertThat(batch)
        .extracting(Inbox.Received::channel)
        .containsExactly("c0", "c1", "c2", "c3", "c4");
    assertThat(inbox.takeDropped()).isZero();
  }

  @Test
  void dropsTheOldestWhenItIsFull() throws InterruptedException {
    Inbox inbox = new Inbox(5 * 1000);
    for (int i = 0; i < 10; i++) {
      inbox.put(new Inbox.Received("c" + i, new byte[870])); // 1,000 with what it takes itself
    }
    List<Inbox.Received> batch = new ArrayList<>();
    inbox.take(batch, 100, 1000);
    assertThat(batch)
        .extracting(Inbox.Received::channel)
        .containsExactly("c5", "c6", "c7", "c8", "c9");
    assertThat(inbox.takeDropped()).isEqualTo(5);
    assertThat(inbox.takeDropped()).isZero();
  }

  @Test
  void takesOneThatIsTooBigForItAlone() throws InterruptedException {
    Inbox inbox = new Inbox(10);
    inbox.put(new Inbox.Received("a", new byte[1000]));
    List<Inbox.Received> batch = new ArrayList<>();
    inbox.take(batch, 100, 1000);
    assertThat(batch).hasSize(1);
  }

  @Test
  void endsTheWaitWhenItCloses() throws InterruptedException {
    Inbox inbox = new Inbox(10);
    new Thread(inbox::close).start();
    assertThat(inbox.take(new ArrayList<>(), 1, 60_000)).isFalse();
  }
}
