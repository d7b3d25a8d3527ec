package io.pushwire.core;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeId;
import io.pushwire.api.NodeInfo;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the roster costs in a cluster of ten nodes with 100,000 users. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class RosterBenchmark {
  private static final int NODES = 10;
  private static final int USERS = 100_000;
  private static final int STEP = 7919; // a prime: no user near the one before

  private final Roster roster = new Roster();
  private final Roster.Holder[] holders = new Roster.Holder[NODES];
  private final String[] users = new String[USERS];
  private int at;

  /** Fills it. */
  public RosterBenchmark() {
    for (int i = 0; i < NODES; i++) {
      holders[i] = new Roster.Holder(NodeInfo.of(new NodeId("node" + i), 1));
    }
    for (int i = 0; i < USERS; i++) {
      users[i] = "user" + i;
      roster.add(holders[i % NODES], users[i], i);
    }
  }

  private int next() {
    at = (at + STEP) % USERS;
    return at;
  }

  /**
   * Is a user online?
   *
   * @return whether he is
   */
  @Benchmark
  public boolean isOnline() {
    return roster.isOnline(users[next()]);
  }

  /**
   * Where is a user?
   *
   * @return his connections
   */
  @Benchmark
  public List<ConnectionId> connections() {
    return roster.connections(users[next()]);
  }

  /** A user opens a second connection on another node, and closes it. */
  @Benchmark
  public void comesAndGoes() {
    int user = next();
    Roster.Holder other = holders[(user + 1) % NODES];
    roster.add(other, users[user], USERS);
    roster.remove(other, users[user], USERS);
  }
}
