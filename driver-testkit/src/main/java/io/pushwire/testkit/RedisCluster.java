package io.pushwire.testkit;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A private Redis Cluster of three masters.
 *
 * @since 0.1
 */
public final class RedisCluster implements BrokerControls, AutoCloseable {
  private static final int BUS = 100;
  private static final int SIZE = 3;

  private final List<RedisServer> nodes = new ArrayList<>();

  private RedisCluster() {}

  static RedisCluster open() {
    RedisCluster cluster = new RedisCluster();
    try {
      for (int i = 0; i < SIZE; i++) {
        cluster.nodes.add(RedisServer.open(new int[] {BUS}, RedisCluster::options));
      }
      cluster.join();
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private static List<String> options(int port) {
    return List.of(
        "--cluster-enabled",
        "yes",
        "--cluster-config-file",
        "nodes.conf",
        "--cluster-port",
        Integer.toString(port + BUS),
        "--cluster-node-timeout",
        "1000",
        "--cluster-require-full-coverage",
        "no");
  }

  private void join() {
    List<String> command = new ArrayList<>();
    command.add(Binaries.require("redis-cli", "redis-tools"));
    command.addAll(List.of("--cluster", "create"));
    nodes.forEach(node -> command.add("127.0.0.1:" + node.port()));
    command.addAll(List.of("--cluster-replicas", "0", "--cluster-yes"));
    ChildProcess.run(command.toArray(String[]::new));
    awaitUp();
  }

  private void awaitUp() {
    for (RedisServer node : nodes) {
      RedisSentinel.await(
          "the Cluster is up",
          () -> String.valueOf(node.command("CLUSTER", "INFO")).contains("cluster_state:ok"));
    }
  }

  /**
   * @return the masters
   */
  public List<RedisServer> nodes() {
    return List.copyOf(nodes);
  }

  /**
   * @return the URI of one of them, from which the others are found
   */
  public String uri() {
    return nodes.get(0).uri();
  }

  @Override
  public Set<Control> supported() {
    return EnumSet.complementOf(EnumSet.of(Control.INJECT)); // where, is the driver's secret
  }

  @Override
  public void kill() {
    nodes.forEach(RedisServer::kill);
  }

  @Override
  public void start() {
    nodes.forEach(RedisServer::start);
    awaitUp();
  }

  @Override
  public void pause() {
    nodes.forEach(RedisServer::pause);
  }

  @Override
  public void resume() {
    nodes.forEach(RedisServer::resume);
  }

  @Override
  public void cut() {
    nodes.forEach(RedisServer::cut);
  }

  @Override
  public void flush() {
    nodes.forEach(RedisServer::flush);
  }

  @Override
  public Map<String, Long> leftovers(String prefix) {
    Map<String, Long> all = new TreeMap<>();
    nodes.forEach(
        node -> node.leftovers(prefix).forEach((what, n) -> all.merge(what, n, Long::sum)));
    return all;
  }

  @Override
  public void close() {
    nodes.forEach(RedisServer::close);
  }
}
