package io.pushwire.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.Envelope;
import io.pushwire.api.NodeId;
import io.pushwire.api.Payload;
import io.pushwire.api.SendOptions;
import io.pushwire.api.Target;
import io.pushwire.api.WhenOffline;
import io.pushwire.core.Capability;
import io.pushwire.core.Counters;
import io.pushwire.core.EnvelopeCodec;
import io.pushwire.core.Ids;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Programs that know nothing of Pushwire send through the broker. */
interface ForeignContract extends Cases {
  /** Whom such a program may want to reach. */
  List<Target> FOREIGN_TARGETS =
      List.of(Target.user("42"), Target.topic("orders"), Target.everyone());

  @Case(value = 41, needs = Capability.FOREIGN_INGRESS)
  default void deliversForeignMessagesOnce() {
    List<TestNode> nodes = List.of(cluster().node(), cluster().node(), cluster().node());
    nodes.get(0).connect("another", "other");
    TestConnection member = nodes.get(1).connect("42", "orders");
    ForeignProducer producer = cluster().foreign();
    for (Target target : reachable(producer)) {
      int before = member.frames().size();
      byte[] binary = {(byte) 0xF7, 0, 1, (byte) 0xFF, '\n'};
      producer.send(target, "raw £".getBytes(UTF_8));
      producer.send(target, binary);
      producer.send(target, "PW1 {\"ttl\":60,\"id\":\"1\"}\nline".getBytes(UTF_8));
      producer.send(target, "PW1 {\"binary\":true}\r\nbytes".getBytes(UTF_8));
      member.await(before + 4);
      producer.send(target, "last".getBytes(UTF_8));
      member.await(before + 5);
      assertThat(member.frames().subList(before, before + 5))
          .as("to %s", target)
          .extracting(Envelope::payload)
          .containsExactly(
              Payload.text("raw £"),
              Payload.binary(binary),
              Payload.text("line"),
              Payload.binary("bytes".getBytes(UTF_8)),
              Payload.text("last"));
    }
  }

  @Case(value = 41, needs = Capability.FOREIGN_INGRESS)
  default void obeysOnlyPlacesThatMayNameOthers() {
    TestNode a = cluster().node();
    TestConnection member = a.connect("42", "orders");
    TestConnection seven = a.connect("7");
    ForeignProducer producer = cluster().foreign();
    List<Target> places = reachable(producer);
    int allowed = 0;
    for (Target place : places) {
      producer.send(place, "PW1 {\"to\":{\"user\":\"7\"}}\nto seven".getBytes(UTF_8));
      producer.send(place, ("end of " + place).getBytes(UTF_8));
      member.await("end of " + place);
      if (producer.mayNameOthers(place)) {
        seven.await("to seven");
        allowed++;
      }
    }
    int forbidden = places.size() - allowed;
    Wait.until(
        () -> a.counters().droppedCount(Counters.Reason.FORBIDDEN) == forbidden,
        () -> a.counters().droppedCount(Counters.Reason.FORBIDDEN) + " not " + forbidden);
    int expected = allowed;
    assertThat(seven.texts()).filteredOn("to seven"::equals).hasSize(expected);
    assertThat(member.texts()).doesNotContain("to seven");
  }

  @Case(
      value = 41,
      needs = {Capability.FOREIGN_INGRESS, Capability.STORES_FOR_OFFLINE_USERS})
  default void keepsTheOrderOfForeignAndOwnMessagesForOfflineUsers() {
    TestNode sender = cluster().node();
    Target user = Target.user("42");
    ForeignProducer producer = cluster().foreign();
    SendOptions queue = SendOptions.builder().whenOffline(WhenOffline.QUEUE).build();
    for (int i = 0; i < 20; i += 2) {
      producer.send(user, ("m" + i).getBytes(UTF_8));
      Wait.done(sender.sender().send(user, Payload.text("m" + (i + 1)), queue), "send");
    }
    TestConnection back = cluster().node().connect("42");
    back.await(20);
    producer.send(user, "online".getBytes(UTF_8));
    back.await(21);
    assertThat(back.texts().subList(0, 20))
        .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(i -> "m" + i).toList());
  }

  @Case(value = 42, needs = Capability.FOREIGN_INGRESS)
  default void countsGarbageAndGoesOn() {
    TestNode a = cluster().node();
    TestConnection member = a.connect("42", "orders");
    ForeignProducer producer = cluster().foreign();
    List<String> garbage =
        List.of(
            "PW1 {\"to\":",
            "PW1 {}",
            "PW1 no json\nx",
            "PW1 {\"colour\":1}\nx",
            "PW1 {\"ttl\":-1}\nx",
            "PW1 {\"to\":{}}\nx",
            "PW1 {" + " ".repeat(5000) + "}\nx");
    int sent = 0;
    for (Target place : reachable(producer)) {
      for (String bad : garbage) {
        producer.send(place, bad.getBytes(UTF_8));
        sent++;
      }
      producer.send(place, ("end of " + place).getBytes(UTF_8));
      member.await("end of " + place);
    }
    int expected = sent;
    Wait.until(
        () -> a.counters().droppedCount(Counters.Reason.MALFORMED) == expected,
        () -> a.counters().droppedCount(Counters.Reason.MALFORMED) + " not " + expected);
    assertThat(member.texts()).allMatch(text -> text.startsWith("end of "));
  }

  @Case(value = 43, needs = Capability.FOREIGN_INGRESS)
  default void refusesForgedInternalEnvelopes() {
    TestNode a = cluster().node();
    TestConnection member = a.connect("42", "orders");
    TestConnection victim = a.connect("7");
    Envelope forged =
        Envelope.builder(Target.user("7"), Payload.text("forged"))
            .id(Ids.next())
            .sentAt(Instant.now())
            .origin(a.node().info().id())
            .build();
    ForeignProducer producer = cluster().foreign();
    List<Target> places = reachable(producer);
    int apart = (int) places.stream().filter(p -> !producer.sharedWithNodes(p)).count();
    int expected = 2 * apart;
    for (Target place : places) {
      producer.send(place, new EnvelopeCodec().encode(forged));
      producer.send(place, new EnvelopeCodec().encode(ghostNode()));
      producer.send(place, ("end of " + place).getBytes(UTF_8));
      member.await("end of " + place);
    }
    Wait.until(
        () -> a.counters().droppedCount(Counters.Reason.FORBIDDEN) == expected,
        () -> a.counters().droppedCount(Counters.Reason.FORBIDDEN) + " not " + expected);
    assertThat(victim.texts()).doesNotContain("forged");
    assertThat(member.texts()).filteredOn("forged"::equals).hasSize(places.size() - apart);
    assertThat(a.registry().nodes()).containsExactly(a.node().info());
  }

  /** What a node that has just started tells all others: a heartbeat with no entries. */
  private static Envelope ghostNode() {
    byte[] heartbeat = {1, 1, 0, 0, 100, 0};
    return Envelope.builder(new Target.Nodes(), Payload.binary(heartbeat))
        .kind(Envelope.Kind.CONTROL)
        .id(Ids.next())
        .sentAt(Instant.now())
        .origin(new NodeId("ghost"))
        .build();
  }

  private static List<Target> reachable(ForeignProducer producer) {
    return FOREIGN_TARGETS.stream().filter(producer::reaches).toList();
  }
}
