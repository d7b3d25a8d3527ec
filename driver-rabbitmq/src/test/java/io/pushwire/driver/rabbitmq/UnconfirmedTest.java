package io.pushwire.driver.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.Receipt;
import io.pushwire.core.Ids;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnconfirmedTest {
  private final Backlog backlog = new Backlog();
  private final Unconfirmed unconfirmed = new Unconfirmed();

  @Test
  void answersOneOrAllUpToIt() {
    List<Outgoing> written = write(5);
    assertThat(unconfirmed.remove(2, false)).containsExactly(written.get(1));
    assertThat(unconfirmed.remove(4, true))
        .containsExactly(written.get(0), written.get(2), written.get(3));
    assertThat(unconfirmed.remove(4, true)).isEmpty();
    assertThat(unconfirmed.end()).containsExactly(written.get(4));
    assertThat(unconfirmed.end()).isEmpty();
  }

  @Test
  void hasAWindow() throws InterruptedException {
    write(3);
    assertThat(unconfirmed.awaitLessThan(4)).isTrue();
    unconfirmed.channelEnded();
    assertThat(unconfirmed.awaitLessThan(3)).isFalse();
  }

  @Test
  void knowsWhatHadNoQueue() {
    List<Outgoing> written = write(2);
    unconfirmed.returned(2);
    unconfirmed.remove(2, true).forEach(Outgoing::confirmed);
    assertThat(written.get(0).receipt().join().status()).isEqualTo(Receipt.Status.ACCEPTED);
    assertThat(written.get(1).receipt().join().status()).isEqualTo(Receipt.Status.NOBODY);
  }

  @Test
  void silenceBeginsWithTheFirstQuestion() {
    assertThat(unconfirmed.silentNanos(System.nanoTime() + 1_000_000_000)).isZero();
    write(1);
    assertThat(unconfirmed.silentNanos(System.nanoTime() + 1_000_000_000)).isPositive();
    unconfirmed.remove(1, false);
    assertThat(unconfirmed.silentNanos(System.nanoTime() + 1_000_000_000)).isZero();
  }

  @Test
  void whatIsDoneMakesRoomOnce() {
    Outgoing outgoing = write(1).get(0);
    assertThat(backlog.isEmpty()).isFalse();
    outgoing.failed(new IllegalStateException("given up"));
    outgoing.confirmed();
    assertThat(backlog.isEmpty()).isTrue();
    assertThat(outgoing.receipt()).isCompletedExceptionally();
  }

  private List<Outgoing> write(int count) {
    for (int tag = 1; tag <= count; tag++) {
      Outgoing outgoing = new Outgoing(Ids.next(), new Route("x", ""), new byte[10], null, backlog);
      assertThat(backlog.take(outgoing.cost())).isTrue();
      unconfirmed.add(tag, outgoing);
    }
    return unconfirmed.all();
  }
}
