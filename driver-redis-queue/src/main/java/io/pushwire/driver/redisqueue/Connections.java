package io.pushwire.driver.redisqueue;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.pushwire.driver.redis.RedisClients;
import io.pushwire.driver.redis.RedisConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * What a link consists of. Used only once the scripts are loaded: a script that must be sent in
 * full after others were sent by name would overtake them.
 *
 * @param commands for commands
 * @param blocking blocks on the node's inbox
 * @param looking looks at users' lists
 * @param told whether a change to what was looked at is told
 */
record Connections(
    RedisConnection commands, RedisConnection blocking, RedisConnection looking, boolean told) {

  /**
   * @param changed is called with a list that was looked at and has changed since
   * @param gone is called when all keys have gone
   */
  static CompletionStage<Connections> open(
      RedisClients clients, Consumer<byte[]> changed, Runnable gone) {
    List<CompletionStage<RedisConnection>> all =
        List.of(clients.connect(), clients.connect(), clients.connect());
    return all.get(0)
        .thenCombine(all.get(1), List::of)
        .thenCombine(
            all.get(2),
            (two, looking) ->
                looking
                    .track(changed, gone)
                    .thenApply(told -> new Connections(two.get(0), two.get(1), looking, told)))
        .thenCompose(made -> made)
        .thenCompose(Connections::loadScripts)
        .whenComplete(
            (done, e) -> {
              if (e != null) {
                all.forEach(one -> one.thenAccept(RedisConnection::close));
              }
            });
  }

  private CompletionStage<Connections> loadScripts() {
    List<CompletableFuture<?>> loaded = new ArrayList<>();
    for (Script script : Script.values()) {
      loaded.add(commands.give(c -> c.scriptLoad(script.text)).toCompletableFuture());
    }
    return CompletableFuture.allOf(loaded.toArray(CompletableFuture[]::new))
        .thenApply(done -> this);
  }

  /** Calls back when one of them is lost; at once, if one is. */
  void onLoss(Runnable lost) {
    RedisConnectionStateListener listener =
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            lost.run();
          }
        };
    all().forEach(one -> one.connection().addListener(listener));
    if (!all().stream().allMatch(one -> one.connection().isOpen())) {
      lost.run();
    }
  }

  void close() {
    all().forEach(RedisConnection::close);
  }

  private List<RedisConnection> all() {
    return List.of(commands, blocking, looking);
  }
}
