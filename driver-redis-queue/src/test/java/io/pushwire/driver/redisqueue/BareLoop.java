package io.pushwire.driver.redisqueue;

import io.pushwire.api.NodeInfo;
import io.pushwire.driver.redis.RedisClients;
import io.pushwire.driver.redis.RedisConnection;
import io.pushwire.driver.redis.RedisTls;
import io.pushwire.driver.redis.RedisUris;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/**
 * What the driver is measured against: its two scripts, push and claim, on one connection of the
 * client library, with the guarantees that the driver gives. Stored, fenced by owner and epoch,
 * pending until acknowledged with the next claim. No envelopes, no ids, no workers, no repeats
 * after a fault. All but {@link #push} happens on the connection's thread.
 */
final class BareLoop implements AutoCloseable {
  private static final byte[] NO = Keys.utf8("0");
  private static final byte[] DAY = Keys.number(Duration.ofDays(1).toMillis());
  private static final byte[] MOST = Keys.number(RedisQueueConfig.DEFAULT_MAX_LENGTH);

  private static final byte[] LARGEST = Keys.number(1 << 20);

  private final RedisClients clients;
  private final RedisConnection connection;
  private final byte[] owner;
  private final List<Reader> readers;
  private volatile Load load = new Load(0, 0);

  BareLoop(String uri, Keys keys, NodeInfo node, int users) {
    clients =
        RedisClients.open(
            RedisUris.parse(uri),
            new RedisTls(Optional.empty(), Optional.empty(), Optional.empty()),
            "bare");
    connection = clients.connect().toCompletableFuture().join();
    owner = Keys.utf8(node.toString());
    for (Script script : List.of(Script.TAKE, Script.PUSH, Script.DRAIN)) {
      connection.give(c -> c.scriptLoad(script.text)).toCompletableFuture().join();
    }
    readers =
        IntStream.range(0, users).mapToObj(i -> new Reader(i, keys.user("bare" + i))).toList();
    readers.forEach(reader -> reader.take().toCompletableFuture().join());
  }

  double run(Load next, byte[] entry) throws InterruptedException {
    load = next;
    return next.run(index -> push(readers.get(index), entry));
  }

  private CompletionStage<?> push(Reader reader, byte[] entry) {
    return this.<List<Object>>eval(
            Script.PUSH, reader.keys, Keys.utf8("LPUSH"), MOST, DAY, entry, NO)
        .thenAccept(reply -> reader.wake());
  }

  private <T> CompletionStage<T> eval(Script script, byte[][] keys, byte[]... args) {
    return connection.give(c -> c.evalsha(script.sha, script.output, keys, args));
  }

  @Override
  public void close() {
    clients.close();
  }

  /** Reads one user's list. */
  private final class Reader {
    private final int index;
    private final byte[][] keys;
    private byte[] epoch = NO;
    private long done;
    private boolean claiming;
    private boolean wake;

    Reader(int index, byte[][] keys) {
      this.index = index;
      this.keys = keys;
    }

    CompletionStage<Void> take() {
      return BareLoop.this
          .<List<Object>>eval(Script.TAKE, keys, owner, DAY, Keys.number(1))
          .thenAccept(reply -> epoch = (byte[]) ((List<?>) reply.get(0)).get(0));
    }

    void wake() {
      wake = true;
      if (!claiming) {
        claim();
      }
    }

    private void claim() {
      claiming = true;
      wake = false;
      BareLoop.this
          .<List<Object>>eval(
              Script.DRAIN,
              keys,
              owner,
              DAY,
              Keys.number(UserList.BATCH),
              Keys.utf8("RPOP"),
              DAY,
              MOST,
              LARGEST,
              LARGEST,
              epoch,
              Keys.number(done),
              NO,
              NO,
              NO)
          .thenAccept(
              reply -> {
                Claim claim = new Claim((List<?>) reply.get(0));
                int count = claim.entries().size();
                done = claim.offset() + count;
                for (int i = 0; i < count; i++) {
                  load.delivered(index);
                }
                claiming = false;
                if (wake || count > 0) {
                  claim();
                }
              });
    }
  }
}
