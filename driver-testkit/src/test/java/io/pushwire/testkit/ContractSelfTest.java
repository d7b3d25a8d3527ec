package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.pushwire.core.Capability;
import io.pushwire.core.MessageDriverProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The contract passes drivers that keep their word, and fails those that do not. */
class ContractSelfTest {
  private static final String[] FAULTS = {
    "claimsOnlyWhatCanBeProven",
    "losesNothingSilentlyWhenTheBrokerIsKilled",
    "subscribesAgainWhenItsConnectionsAreCut",
    "rebuildsWhatAFlushedBrokerForgot",
    "saysWhatCannotBeReached",
    "comesUpWithItsBroker",
    "publishReturnsAtOnceWhileTheBrokerIsPaused",
    "readsLaterEnvelopesAndRefusesWhatItCannotUnderstand",
    "leavesNothingBehind"
  };

  @Test
  void passesADriverThatReportsItsLosses() {
    assertThat(failures(Honest.class, FAULTS)).isEmpty();
  }

  @Test
  void passesThroughOutages() {
    if (Boolean.getBoolean("pushwire.long")) {
      assertThat(
              failures(
                  Honest.class,
                  "failsFastWhileTheBrokerIsDownAndFlowsSoonAfter",
                  "failsInTimeWhileTheBrokerIsSilentAndFlowsSoonAfter",
                  "noticesABrokerThatHasFallenSilent"))
          .isEmpty();
    }
  }

  @Test
  void failsADriverThatLosesInSilence() {
    assertThat(
            failures(
                Silent.class,
                "claimsOnlyWhatCanBeProven",
                "losesNothingSilentlyWhenTheBrokerIsKilled",
                "subscribesAgainWhenItsConnectionsAreCut",
                "keepsTheOrderOfOneSender"))
        .hasSize(2)
        .anyMatch(f -> f.startsWith("losesNothingSilentlyWhenTheBrokerIsKilled()"))
        .anyMatch(f -> f.startsWith("subscribesAgainWhenItsConnectionsAreCut()"));
  }

  @Test
  void failsADriverThatLosesWhatItClaimsToKeep() {
    assertThat(failures(Overpromising.class, "losesNothingSilentlyWhenTheBrokerIsKilled"))
        .hasSize(1);
  }

  @Test
  void saysWhatMustBeSuppliedToProveAClaim() {
    assertThat(failures(Unproven.class, FAULTS))
        .singleElement()
        .asString()
        .contains(
            "claimed, but cannot be proven",
            "REPORTS_LOSS: override broker() with BrokerControls that support RESTART",
            "REPORTS_LOSS: override broker() with BrokerControls that support CUT",
            "FOREIGN_INGRESS: override foreignProducer(prefix)");
  }

  /** The named cases that fail, with the reason. */
  private static List<String> failures(Class<?> contract, String... cases) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(Arrays.stream(cases).map(name -> selectMethod(contract, name)).toList())
            .build();
    List<String> failures = new ArrayList<>();
    LauncherFactory.create()
        .execute(
            request,
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                result
                    .getThrowable()
                    .ifPresent(e -> failures.add(test.getLegacyReportingName() + ": " + e));
              }
            });
    return failures;
  }

  abstract static class Shaky extends MessageDriverContract {
    final ShakyBroker broker = new ShakyBroker();
    private final Set<Capability> claims;

    Shaky(Set<Capability> claims) {
      this.claims = claims;
    }

    @Override
    public MessageDriverProvider provider() {
      return new ShakyProvider(broker, claims);
    }

    @Override
    public Map<String, String> settings(String prefix) {
      return Map.of("prefix", prefix);
    }

    @Override
    public Optional<BrokerControls> broker() {
      return Optional.of(broker);
    }

    @Override
    public String title() {
      return "(the kit's own) " + getClass().getSimpleName();
    }
  }

  static class Honest extends Shaky {
    Honest() {
      super(EnumSet.of(Capability.REPORTS_LOSS));
    }
  }

  static class Silent extends Shaky {
    Silent() {
      super(EnumSet.of(Capability.REPORTS_LOSS));
      broker.reporting = false;
    }
  }

  static class Overpromising extends Shaky {
    Overpromising() {
      super(EnumSet.of(Capability.AT_LEAST_ONCE));
      broker.durable = true;
    }
  }

  static class Unproven extends Shaky {
    Unproven() {
      super(EnumSet.of(Capability.REPORTS_LOSS, Capability.FOREIGN_INGRESS));
    }

    @Override
    public Optional<BrokerControls> broker() {
      return Optional.empty();
    }
  }
}
