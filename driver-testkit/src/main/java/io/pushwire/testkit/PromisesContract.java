package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushwire.api.Envelope;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.core.Capability;
import io.pushwire.core.Counters;
import io.pushwire.core.Ids;
import io.pushwire.core.NodeConfig;
import java.time.Duration;
import java.time.Instant;

/** What core promises on top of a driver: limits, time to live, no duplicates. */
interface PromisesContract extends Cases {
  @Case(10)
  default void refusesOversizeAndGoesOn() {
    TestNode a = cluster().node();
    TestConnection connection = a.connect("42");
    int max = NodeConfig.DEFAULT_MAX_PAYLOAD_SIZE;
    Target user = Target.user("42");
    assertThatThrownBy(() -> a.sender().send(user, Payload.binary(new byte[max + 1])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Integer.toString(max));
    Wait.done(a.sender().send(user, Payload.binary(new byte[max])), "send");
    connection.await(1);
    assertThat(connection.frames().get(0).payload().size()).isEqualTo(max);
  }

  @Case(11)
  default void deliversNothingThatHasExpired() {
    Peer a = cluster().peer("a");
    TestNode b = cluster().node();
    TestConnection connection = b.connect("42");
    Target user = Target.user("42");
    Envelope late =
        a.envelope(user, Payload.text("late"))
            .sentAt(Instant.now().minusSeconds(10))
            .ttl(Duration.ofSeconds(1))
            .build();
    Wait.done(a.publish(late), "publish");
    Envelope fresh = a.envelope(user, Payload.text("fresh")).ttl(Duration.ofMinutes(5)).build();
    Wait.done(a.publish(fresh), "publish");
    connection.await("fresh");
    assertThat(connection.texts()).containsExactly("fresh");
  }

  @Case(38)
  default void dropsARepeatOfAGivenId() {
    Peer a = cluster().peer("a");
    TestNode b = cluster().node();
    TestConnection connection = b.connect("42", "t");
    Target user = Target.user("42");
    Envelope once = a.envelope(user, Payload.text("once")).givenId(Ids.derive("test", "1")).build();
    Envelope other =
        a.envelope(Target.topic("t"), Payload.text("other")).givenId(once.id()).build();
    for (Envelope envelope : new Envelope[] {once, once, other, once}) {
      Wait.done(a.publish(envelope), "publish");
    }
    a.send(user, "last");
    connection.await("last");
    connection.await("other");
    assertThat(connection.texts()).containsOnlyOnce("once", "other", "last");
    assertThat(b.counters().droppedCount(Counters.Reason.DUPLICATE)).isEqualTo(2);
  }

  @Case(value = 38, needs = Capability.AT_LEAST_ONCE)
  default void dropsWhatTheDriverRepeats() {
    Peer a = cluster().peer("a");
    TestNode b = cluster().node();
    TestConnection connection = b.connect("42");
    Target user = Target.user("42");
    Envelope once = a.envelope(user, Payload.text("once")).build();
    Wait.done(a.publish(once), "publish");
    Wait.done(a.publish(once), "publish");
    a.send(user, "last");
    connection.await("last");
    assertThat(connection.texts()).containsExactly("once", "last");
  }
}
