package io.pushwire.driver.redisqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Payload;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.core.Outcome;
import io.pushwire.testkit.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Redis does something, and the node does not hear of it, or hears of it late. */
class UncertainIT {
  private static final Target USER = Target.user("42");
  private static final Target TOPIC = Target.topic("t");

  private final Redis redis = Redis.start();

  @AfterEach
  void stop() throws Exception {
    redis.close();
  }

  /** What was given before is done when Redis goes on, but everybody has given it up by then. */
  private void untilGivenUp(Peer peer) {
    CompletableFuture<Receipt> last =
        peer.publish(peer.envelope(Target.user("x"), Payload.text("")).build())
            .toCompletableFuture();
    await().until(last::isCompletedExceptionally);
  }

  private long scripts() {
    Map<String, Long> calls = redis.server().commandCalls();
    return calls.getOrDefault("evalsha", 0L) + calls.getOrDefault("eval", 0L);
  }

  @Test
  void aNodeWhoseListAnotherOneTookDoesNotAskAgainAndAgain() {
    Peer before = redis.peer("before");
    Peer after = redis.peer("after");
    CompletableFuture<Outcome> written = new CompletableFuture<>();
    before.delivery().answer(envelope -> written);
    before.subscribe(USER);
    after.send(USER, "1");
    before.await(USER, 1);
    redis.server().pause();
    written.complete(Outcome.DELIVERED);
    untilGivenUp(before);
    redis.server().resume();
    after.subscribe(USER);
    after.send(USER, "2");
    await()
        .untilAsserted(
            () ->
                assertThat(after.delivery().received(USER))
                    .extracting(envelope -> envelope.payload().text())
                    .contains("2"));
    long scripts = scripts();
    await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
    assertThat(scripts() - scripts).as("scripts in a second").isLessThan(100);
  }

  @Test
  void whatWasTakenAndNotHeardOfIsLeftAgain() {
    Peer stays = redis.peer("stays");
    Peer leaves = redis.peer("leaves");
    stays.subscribe(USER);
    redis.server().pause();
    leaves.driver().subscribe(List.of(USER, TOPIC));
    leaves.driver().unsubscribe(List.of(USER, TOPIC));
    untilGivenUp(leaves);
    redis.server().resume();
    stays.send(USER, "1");
    stays.await(USER, 1);
    await().until(() -> redis.number("EXISTS", "pw:t:t") == 0);
    assertThat(redis.server().cli("HGET", "pw:{user_42_messages}:own", "h"))
        .startsWith("stays.")
        .doesNotContain("leaves");
  }

  @Test
  void whatWasLeftAndNotHeardOfIsTakenAgain() {
    Peer owner = redis.peer("owner");
    Peer reloads = redis.peer("reloads");
    reloads.subscribe(USER, TOPIC);
    owner.subscribe(USER);
    redis.server().pause();
    reloads.driver().unsubscribe(List.of(USER, TOPIC));
    CompletableFuture<Void> again =
        reloads.driver().subscribe(List.of(USER, TOPIC)).toCompletableFuture();
    untilGivenUp(reloads);
    redis.server().resume();
    await().until(again::isDone);
    owner.send(TOPIC, "topic");
    owner.send(USER, "user");
    reloads.await(TOPIC, 1);
    reloads.await(USER, 1);
    owner.await(USER, 1);
  }

  @Test
  void whatALateCommandHasClaimedIsDelivered() {
    Peer peer = redis.peer("a");
    CompletableFuture<Outcome> written = new CompletableFuture<>();
    peer.delivery().answer(envelope -> written);
    peer.subscribe(USER);
    redis.push("42", "1");
    peer.await(USER, 1);
    redis.push("42", "2");
    String pend = "pw:{user_42_messages}:pend";
    redis.server().command("LMOVE", "user_42_messages", pend, "RIGHT", "RIGHT");
    redis.push("42", "3");
    written.complete(Outcome.DELIVERED);
    assertThat(peer.await(USER, 3))
        .extracting(envelope -> envelope.payload().text())
        .containsExactly("1", "2", "3");
    await().until(() -> redis.number("EXISTS", pend) == 0);
  }

  @Test
  void theOtherTabGetsWhatCouldNotBePassedOnAtFirst() {
    Peer holder = redis.peer("holder");
    Peer owner = redis.peer("owner");
    Target[] users =
        IntStream.range(0, 50).mapToObj(i -> Target.user("u" + i)).toArray(Target[]::new);
    holder.subscribe(users);
    owner.subscribe(users);
    AtomicBoolean cut = new AtomicBoolean();
    owner
        .delivery()
        .onDeliver(
            envelope -> {
              if (cut.compareAndSet(false, true)) {
                redis.server().cut(); // those read together with this one are passed on behind it
              }
            });
    String all = "for i = 0, 49 do redis.call('LPUSH', 'user_u' .. i .. '_messages', 'x') end";
    redis.server().command("EVAL", all, "0");
    for (Target user : users) {
      owner.await(user, 1);
      holder.await(user, 1);
    }
  }

  @Test
  void aListOfNodesThatIsGoneIsWrittenAnew() {
    Peer peer = redis.peer("a");
    redis.server().command("DEL", "pw:nodes");
    await().until(() -> redis.number("HLEN", "pw:nodes") == 1);
    peer.send(new Target.Node(peer.self().id()), "probe");
    peer.await(new Target.Node(peer.self().id()), 1);
    redis.server().command("EXPIRE", "pw:nodes", "100");
    await().until(() -> redis.number("TTL", "pw:nodes") > 100);
  }
}
