package io.pushwire.testkit;

import io.pushwire.core.Capability;
import io.pushwire.core.MessageDriverProvider;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The definition of a driver. A driver joins with one subclass, which says how to reach its broker
 * and what can be done to it:
 *
 * <pre>{@code
 * class MyDriverContractIT extends MessageDriverContract {
 *   final MyBroker broker = MyBroker.start();
 *
 *   @Override public MessageDriverProvider provider() { return new MyDriverProvider(); }
 *   @Override public Map<String, String> settings(String prefix) {
 *     return Map.of("uri", broker.uri(), "prefix", prefix);
 *   }
 *   @Override public Optional<BrokerControls> broker() { return Optional.of(broker); }
 *   @AfterAll void stop() { broker.stop(); }
 * }
 * }</pre>
 *
 * <p>One instance of the subclass serves all its tests. Cases that need a capability run if the
 * provider claims it; what must be supplied to prove a claim is itself a test. The guarantees seen
 * on the way are printed at the end, and written to {@code target/guarantees.md}.
 *
 * @since 0.1
 */
@ExtendWith(ContractExtension.class)
@DisplayNameGeneration(CaseNames.class)
@TestMethodOrder(CaseNames.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
public abstract class MessageDriverContract
    implements BasicsContract,
        NamesContract,
        LifecycleContract,
        OrderContract,
        InterestContract,
        StoredContract,
        KilledNodeContract,
        LoadContract,
        FaultContract,
        OutageContract,
        ForeignContract,
        ProbeContract,
        PresenceContract,
        RecoveryContract,
        VersionContract,
        PromisesContract,
        ClaimsContract {
  private final Guarantees guarantees = new Guarantees(this);
  private Cluster cluster = new Cluster(this);

  /** For subclasses. */
  protected MessageDriverContract() {}

  /**
   * @return the driver's provider
   */
  public abstract MessageDriverProvider provider();

  /**
   * Says how an application reaches the broker. Two applications with different prefixes must not
   * meet.
   *
   * @param prefix letters and digits, different for each test
   * @return the settings below {@code driver.<name>.}
   */
  public abstract Map<String, String> settings(String prefix);

  /**
   * @return whether the broker lives in this JVM, so that it cannot fail on its own
   */
  public boolean inProcess() {
    return false;
  }

  /**
   * @return what can be done to the broker, which is then a private one; empty: nothing
   */
  public Optional<BrokerControls> broker() {
    return Optional.empty();
  }

  /**
   * Must be supplied by a driver that claims {@link Capability#FOREIGN_INGRESS}.
   *
   * @param prefix the application that it writes to
   * @return writes to the broker as programs do that know nothing of Pushwire
   */
  public Optional<ForeignProducer> foreignProducer(String prefix) {
    return Optional.empty();
  }

  /**
   * Must be supplied by a driver that claims {@link Capability#STORES_FOR_OFFLINE_USERS}.
   *
   * @param most no more messages wait for one user
   * @param time they wait no longer after the last one came
   * @param silence a node that is silent for so long has lost its users to others
   * @return what says so below {@code driver.<name>.}, beside {@link #settings}
   */
  public Map<String, String> keeping(int most, Duration time, Duration silence) {
    return Map.of();
  }

  /**
   * @return how many messages of one user may be on their way to his connections and not
   *     acknowledged: no more may come twice after a crash
   */
  public int mostUnderWay() {
    return 100;
  }

  /**
   * @return what the driver is called in the matrix of guarantees; to be changed by drivers that
   *     join several times
   */
  public String title() {
    return provider().name();
  }

  @BeforeEach
  final void openCluster() {
    cluster = new Cluster(this);
  }

  @AfterEach
  final void closeCluster() {
    cluster.close();
  }

  @Override
  public final Cluster cluster() {
    return cluster;
  }

  final Guarantees guarantees() {
    return guarantees;
  }
}
