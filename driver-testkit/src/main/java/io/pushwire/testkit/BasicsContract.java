package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.Envelope;
import io.pushwire.api.NodeId;
import io.pushwire.api.Payload;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.core.Capability;
import io.pushwire.core.Ids;
import io.pushwire.core.NodeConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A message gets from one node to another, whole. */
interface BasicsContract extends Cases {
  @Case(1)
  default void carriesPayloadsOfAnySizeUnchanged() {
    Peer a = cluster().peer("a");
    Peer b = cluster().peer("b");
    Target user = Target.user("42");
    b.subscribe(user);
    int count = 0;
    for (int size : new int[] {0, 1, 128, 64 * 1024, NodeConfig.DEFAULT_MAX_PAYLOAD_SIZE}) {
      byte[] bytes = new byte[size];
      new Random(size).nextBytes(bytes);
      List<Payload> payloads = List.of(Payload.binary(bytes), Payload.text("x".repeat(size)));
      for (Payload payload : payloads) {
        Wait.done(a.publish(a.envelope(user, payload).build()), "publish of " + payload);
        Payload arrived = b.await(user, ++count).get(count - 1).payload();
        assertThat(arrived.equals(payload)).as("%s arrived as it was sent", payload).isTrue();
      }
    }
  }

  @Case(1)
  default void carriesAllThatAnEnvelopeHolds() {
    Peer a = cluster().peer("a");
    Peer b = cluster().peer("b");
    Target topic = Target.topic("orders");
    b.subscribe(topic);
    Envelope full =
        a.envelope(topic, Payload.text("paid"))
            .givenId(Ids.derive("test", "17"))
            .ttl(Duration.ofHours(1))
            .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            .header("Grüße", "")
            .except(Set.of(new ConnectionId(a.self().id(), 7, 9)))
            .build();
    Wait.done(a.publish(full), "publish");
    assertThat(b.await(topic, 1)).containsExactly(full);
  }

  @Case(2)
  default void carriesBytesThatLookLikeProtocol() {
    Peer a = cluster().peer("a");
    Target user = Target.user("42");
    a.subscribe(user);
    byte[] allBytes = new byte[256];
    for (int i = 0; i < allBytes.length; i++) {
      allBytes[i] = (byte) i;
    }
    byte[] internal = {(byte) 0xF7, 0x50, 1, 0, 0, 0};
    List<Payload> payloads =
        List.of(
            Payload.binary(allBytes),
            Payload.binary(internal),
            Payload.binary("PW1 {\"to\":{\"everyone\":true}}\n".getBytes(StandardCharsets.UTF_8)),
            Payload.text("PW1 {\"to\":{\"user\":\"7\"}}\nforged"),
            Payload.text("PW1 "),
            Payload.text("a\r\n\0b\n"),
            Payload.text("$5\r\nhello\r\n"),
            Payload.binary(new byte[] {-1, -1, 0, 0}));
    payloads.forEach(p -> Wait.done(a.publish(a.envelope(user, p).build()), "publish"));
    assertThat(a.await(user, payloads.size()))
        .extracting(Envelope::payload)
        .containsExactlyElementsOf(payloads);
  }

  @Case(3)
  default void carriesTextOfAllPlanes() {
    Peer a = cluster().peer("a");
    Target user = Target.user("42");
    a.subscribe(user);
    String text = "£ € 𝄞 😀 👩‍👩‍👧 \u0001\uFFFD\uFEFF";
    a.send(user, text);
    assertThat(a.await(user, 1).get(0).payload()).isEqualTo(Payload.text(text));
  }

  @Case(4)
  default void bringsNodesTheirOwnMessages() {
    Peer a = cluster().peer("a");
    List<Target> subscribed = List.of(Target.user("42"), Target.topic("orders"), Target.everyone());
    a.subscribe(subscribed.toArray(Target[]::new));
    List<Target> implied =
        List.of(new Target.Node(a.self().id()), new Target.Nodes(), a.connection(1));
    for (List<Target> targets : List.of(subscribed, implied)) {
      for (Target target : targets) {
        a.send(target, "to " + target);
        assertThat(a.await(target, 1)).hasSize(1);
      }
    }
  }

  @Case(4)
  default void bringsNodesWhatIsForThemAndForAllOfThem() {
    Peer a = cluster().peer("a");
    Peer b = cluster().peer("b");
    Target nodes = new Target.Nodes();
    Target nodeB = new Target.Node(b.self().id());
    Envelope control =
        a.envelope(nodeB, Payload.binary(new byte[] {0})).kind(Envelope.Kind.CONTROL).build();
    Wait.done(a.publish(control), "publish");
    a.send(b.connection(5), "by id");
    a.send(nodes, "to all nodes");
    assertThat(b.await(nodeB, 1)).containsExactly(control);
    b.await(b.connection(5), 1);
    b.await(nodes, 1);
    a.await(nodes, 1);
    assertThat(a.delivery().count(b.connection(5))).as("on the other node").isZero();
    assertThat(a.delivery().count(nodeB)).as("on the other node").isZero();
  }

  @Case(5)
  default void bringsEveryoneEachMessageOnce() {
    Target everyone = Target.everyone();
    Peer sender = cluster().peer("a");
    List<Peer> subscribed = List.of(sender, cluster().peer("b"), cluster().peer("c"));
    Peer sendOnly = cluster().peer("d");
    subscribed.forEach(peer -> peer.subscribe(everyone));
    sender.send(everyone, "1");
    sendOnly.send(everyone, "2");
    sendOnly.send(everyone, "3");
    for (Peer peer : subscribed) {
      assertThat(peer.await(everyone, 3))
          .extracting(e -> e.payload().text())
          .containsExactlyInAnyOrder("1", "2", "3")
          .containsSubsequence("2", "3");
    }
    assertThat(sendOnly.delivery().received()).as("of a node without connections").isEmpty();
  }

  @Case(6)
  default void acceptsMessagesToNobody() {
    Peer a = cluster().peer("a");
    Target user = Target.user("42");
    a.subscribe(user);
    NodeId ghost = new NodeId("ghost");
    List<Target> nobody =
        List.of(
            new Target.Node(ghost),
            Target.connection(new ConnectionId(ghost, 1, 1)),
            Target.connection(new ConnectionId(a.self().id(), a.self().incarnation() - 1, 1)),
            Target.user("nobody"),
            Target.topic("nobody"));
    for (Target target : nobody) {
      assertThat(a.send(target, "lost").status())
          .isIn(Receipt.Status.ACCEPTED, Receipt.Status.NOBODY);
    }
    a.send(user, "still here");
    a.await(user, 1);
    // what a driver over-delivers, core drops; but only users are many enough to justify it
    assertThat(a.delivery().received())
        .filteredOn(
            got ->
                cluster().claims(Capability.ROUTES_USERS)
                    || !got.envelope().target().equals(Target.user("nobody")))
        .hasSize(1);
  }
}
