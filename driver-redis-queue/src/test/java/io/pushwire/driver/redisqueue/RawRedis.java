package io.pushwire.driver.redisqueue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.function.Function;

/** Commands with bytes, on a connection of their own. */
final class RawRedis {
  private RawRedis() {}

  static <T> T use(String uri, Function<RedisCommands<byte[], byte[]>, T> commands) {
    RedisClient client = RedisClient.create(uri);
    try (StatefulRedisConnection<byte[], byte[]> connection =
        client.connect(ByteArrayCodec.INSTANCE)) {
      return commands.apply(connection.sync());
    } finally {
      client.shutdown();
    }
  }
}
