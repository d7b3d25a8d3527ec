package io.pushwire.driver.redispubsub;

import io.lettuce.core.RedisURI;
import io.pushwire.driver.redis.RedisUris;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The servers that can be connected to: those configured, and what a Cluster tells of itself. */
final class Servers {
  private final List<RedisURI> configured;
  private final AtomicInteger next = new AtomicInteger();
  private volatile List<RedisURI> all;

  Servers(List<RedisURI> configured) {
    this.configured = configured;
    this.all = configured;
  }

  /** Tries one after the other, each time beginning with another one. */
  <T> CompletionStage<T> firstThat(Function<RedisURI, CompletionStage<T>> connect) {
    List<RedisURI> now = all;
    return attempt(connect, now, Math.floorMod(next.getAndIncrement(), now.size()), 0);
  }

  private static <T> CompletionStage<T> attempt(
      Function<RedisURI, CompletionStage<T>> connect, List<RedisURI> now, int first, int tried) {
    CompletionStage<T> stage;
    try {
      stage = connect.apply(now.get((first + tried) % now.size()));
    } catch (RuntimeException e) {
      stage = CompletableFuture.failedStage(e);
    }
    return stage.exceptionallyCompose(
        e -> {
          Throwable cause =
              e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
          return tried + 1 < now.size()
              ? attempt(connect, now, first, tried + 1)
              : CompletableFuture.failedStage(cause);
        });
  }

  /**
   * Takes the nodes of a Cluster.
   *
   * @param clusterNodes what {@code CLUSTER NODES} says; empty: nothing
   * @param like how one of them was reached
   */
  void learn(String clusterNodes, RedisURI like) {
    if (clusterNodes.isEmpty()) {
      return;
    }
    List<RedisURI> known = new ArrayList<>(configured);
    clusterNodes
        .lines()
        .map(line -> line.split(" ", -1))
        .filter(fields -> fields.length > 2 && !fields[2].matches(".*(fail|noaddr|handshake).*"))
        .map(fields -> fields[1].split("[@,]", -1)[0])
        .forEach(
            address -> {
              int colon = address.lastIndexOf(':');
              if (colon < 1) {
                return; // a node that does not know its own address
              }
              String host = address.substring(0, colon);
              int port = Integer.parseInt(address.substring(colon + 1));
              if (known.stream().noneMatch(k -> k.getHost().equals(host) && k.getPort() == port)) {
                known.add(like(like, host, port));
              }
            });
    all = List.copyOf(known);
  }

  private static RedisURI like(RedisURI uri, String host, int port) {
    return RedisURI.builder(uri).withHost(host).withPort(port).build();
  }

  /** As configured, without passwords. */
  List<String> shown() {
    return configured.stream().map(RedisUris::shown).toList();
  }
}
