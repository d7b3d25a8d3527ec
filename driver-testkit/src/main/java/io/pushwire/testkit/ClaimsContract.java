package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushwire.api.Payload;
import io.pushwire.api.SendOptions;
import io.pushwire.api.Target;
import io.pushwire.api.WhenOffline;
import io.pushwire.core.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A claim must be proven; what is not claimed must be refused. */
interface ClaimsContract extends Cases {
  /** What must be supplied so that a claim can be proven on a broker outside of the JVM. */
  Map<Capability, List<BrokerControls.Control>> PROOFS =
      Map.of(
          Capability.REPORTS_LOSS,
          List.of(BrokerControls.Control.RESTART, BrokerControls.Control.CUT),
          Capability.AT_LEAST_ONCE,
          List.of(BrokerControls.Control.RESTART, BrokerControls.Control.CUT));

  @Case(0)
  default void claimsOnlyWhatCanBeProven() {
    List<String> missing = new ArrayList<>();
    for (Capability claim : cluster().provider().capabilities()) {
      if (!cluster().inProcess()) {
        for (BrokerControls.Control control : PROOFS.getOrDefault(claim, List.of())) {
          if (!cluster().controls(control)) {
            missing.add(claim + ": override broker() with BrokerControls that support " + control);
          }
        }
      }
      if (claim == Capability.FOREIGN_INGRESS && !cluster().hasForeign()) {
        missing.add(claim + ": override foreignProducer(prefix)");
      }
    }
    if (cluster().claims(Capability.STORES_FOR_OFFLINE_USERS)
        && cluster()
            .keeping(1, Duration.ofDays(1), Duration.ofMinutes(1))
            .equals(cluster().settings())) {
      missing.add("STORES_FOR_OFFLINE_USERS: override keeping(most, time, silence)");
    }
    assertThat(missing).as("claimed, but cannot be proven").isEmpty();
  }

  @Case(0)
  default void hasANameThatSettingsCanUse() {
    assertThat(cluster().provider().name()).matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  }

  @Case(22)
  default void refusesToQueueWhatItCannotKeep() {
    TestNode a = cluster().node();
    SendOptions queue = SendOptions.builder().whenOffline(WhenOffline.QUEUE).build();
    List<Target> nothingWaits = new ArrayList<>(List.of(Target.topic("t"), Target.everyone()));
    if (!cluster().claims(Capability.STORES_FOR_OFFLINE_USERS)) {
      nothingWaits.add(Target.user("42"));
    }
    for (Target target : nothingWaits) {
      assertThatThrownBy(() -> a.sender().send(target, Payload.text("x"), queue))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("QUEUE");
    }
  }
}
