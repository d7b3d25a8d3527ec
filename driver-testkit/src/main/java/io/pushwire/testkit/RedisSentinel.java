package io.pushwire.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A private Redis master with a replica, and two Sentinels that watch them.
 *
 * @since 0.1
 */
public final class RedisSentinel implements AutoCloseable {
  /** The name that the Sentinels know the master by: {@value}. */
  public static final String MASTER = "main";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<RedisServer> servers = new ArrayList<>();
  private final List<RedisServer> sentinels = new ArrayList<>();
  private final List<Path> directories = new ArrayList<>();

  private RedisSentinel() {}

  static RedisSentinel open() {
    RedisSentinel group = new RedisSentinel();
    try {
      group.startAll();
      return group;
    } catch (RuntimeException e) {
      group.close();
      throw e;
    }
  }

  private void startAll() {
    String[] quick = {"--repl-diskless-sync-delay", "0"};
    RedisServer master = RedisServer.open(new int[0], port -> List.of(quick));
    servers.add(master);
    RedisServer replica = RedisServer.open(new int[0], port -> List.of(quick));
    servers.add(replica);
    replica.command("REPLICAOF", "127.0.0.1", Integer.toString(master.port()));
    await("the replica is linked", () -> replica.info("replication").contains("link_status:up"));
    for (int i = 0; i < 2; i++) {
      sentinels.add(RedisServer.open(new int[0], port -> sentinel(port, master.port())));
    }
    for (RedisServer sentinel : sentinels) {
      await(
          "the Sentinels know all",
          () ->
              sentinel.info("sentinel").contains("status=ok")
                  && sentinel.info("sentinel").contains("slaves=1,sentinels=2"));
    }
  }

  private List<String> sentinel(int port, int master) {
    String config =
        """
        port %1$d
        bind 127.0.0.1
        sentinel monitor %2$s 127.0.0.1 %3$d 1
        sentinel down-after-milliseconds %2$s 1000
        sentinel failover-timeout %2$s 3000
        """
            .formatted(port, MASTER, master);
    try {
      Path directory = TemporaryDirectory.create("sentinel");
      directories.add(directory);
      Path file = Files.writeString(directory.resolve("sentinel.conf"), config);
      return List.of(file.toString(), "--sentinel");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @return the URI that names both Sentinels and the master
   */
  public String uri() {
    return "redis-sentinel://127.0.0.1:"
        + sentinels.get(0).port()
        + ",127.0.0.1:"
        + sentinels.get(1).port()
        + "?sentinelMasterId="
        + MASTER;
  }

  /**
   * @return the server that the Sentinels say is the master now
   */
  public RedisServer master() {
    if (sentinels.get(0).command("SENTINEL", "get-master-addr-by-name", MASTER)
        instanceof List<?> address) {
      String port = String.valueOf(address.get(1));
      for (RedisServer server : servers) {
        if (port.equals(Integer.toString(server.port()))) {
          return server;
        }
      }
    }
    throw new IllegalStateException("The Sentinels know no master");
  }

  /** Kills the master and returns when the Sentinels have made the replica the master. */
  public void failOver() {
    RedisServer old = master();
    old.kill();
    await("there is a new master", () -> master() != old);
  }

  @Override
  public void close() {
    sentinels.forEach(RedisServer::close);
    servers.forEach(RedisServer::close);
    directories.forEach(TemporaryDirectory::delete);
  }

  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("Not within " + PATIENCE.toSeconds() + " s: " + what);
      }
      Pause.millis(10);
    }
  }
}
