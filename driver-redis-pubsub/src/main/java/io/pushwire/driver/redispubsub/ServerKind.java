package io.pushwire.driver.redispubsub;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.pushwire.api.PushwireException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a connection leads to, as the server says. What it does not tell, because it is too old or
 * an access rule forbids the question, is empty.
 *
 * @param mode standalone, sentinel or cluster
 * @param role master or replica
 * @param clusterInfo the node's view of the Cluster
 * @param clusterNodes the Cluster's nodes, one line each
 */
record ServerKind(String mode, String role, String clusterInfo, String clusterNodes) {
  private static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

  static CompletionStage<ServerKind> of(StatefulRedisConnection<String, byte[]> connection) {
    RedisAsyncCommands<String, byte[]> redis = connection.async();
    // HELLO needs no access right, unlike INFO
    CommandArgs<String, byte[]> resp2 = new CommandArgs<>(CODEC).add(2);
    return redis
        .<List<Object>>dispatch(CommandType.HELLO, new NestedMultiOutput<>(CODEC), resp2)
        .exceptionally(unknown -> List.of())
        .thenCompose(
            hello -> {
              String mode = field(hello, "mode");
              String role = field(hello, "role");
              if (!mode.equals("cluster")) {
                return CompletableFuture.completedStage(new ServerKind(mode, role, "", ""));
              }
              return redis
                  .clusterInfo()
                  .exceptionally(forbidden -> "")
                  .thenCombine(
                      redis.clusterNodes().exceptionally(forbidden -> ""),
                      (info, nodes) -> new ServerKind(mode, role, info, nodes));
            });
  }

  private static String field(List<Object> hello, String name) {
    for (int i = 0; i + 1 < hello.size(); i += 2) {
      if (name.equals(text(hello.get(i)))) {
        return text(hello.get(i + 1));
      }
    }
    return "";
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
  }

  /**
   * Whether {@code PUBLISH} tells how many nodes took a message. A node of a Cluster counts its own
   * clients only.
   */
  boolean countsReceivers() {
    return mode.equals("standalone");
  }

  /**
   * @throws PushwireException if it cannot carry messages now
   */
  void checkUsable(boolean fromSentinel) {
    if (mode.equals("sentinel")) {
      throw new PushwireException(
          "This is a Sentinel: the uri must be redis-sentinel://host:port?sentinelMasterId=name");
    }
    // a master that was replaced and comes back hears nothing before it is told to follow
    if (fromSentinel && !role.isEmpty() && !role.equals("master")) {
      throw new PushwireException("The Sentinels name a server that is no master: " + role);
    }
    if (!clusterInfo.isEmpty() && !clusterInfo.contains("cluster_state:ok")) {
      throw new PushwireException("This node says that its Cluster is down");
    }
  }
}
