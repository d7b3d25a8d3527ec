package io.pushwire.core;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.PublishException;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Closes connections of other nodes: asks the node, which answers whether it had one. */
final class RemoteClose {
  /** How long the other node may take to answer. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  /** The most questions under way; a further one fails at once. */
  static final int MAX_WAITING = 10_000;

  private final NodeInfo self;
  private final Control.Out out;
  private final AtomicLong requests;
  private final Map<Long, CompletableFuture<Boolean>> waiting = new ConcurrentHashMap<>();
  private volatile @Nullable LocalRegistry registry;

  RemoteClose(NodeInfo self, Control.Out out) {
    this.self = self;
    this.out = out;
    // an answer to an earlier start of this node, which may come late, answers none of these
    requests = new AtomicLong(self.incarnation());
  }

  /** From now on connections of this registry are closed for others. */
  void serve(LocalRegistry connections) {
    registry = connections;
  }

  CompletionStage<Boolean> close(ConnectionId id, int code, String reason) {
    if (waiting.size() >= MAX_WAITING) {
      return CompletableFuture.failedStage(
          new PublishException("Too many connections are being closed on other nodes; wait"));
    }
    long request = requests.incrementAndGet();
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    waiting.put(request, answer);
    answer.whenComplete((found, e) -> waiting.remove(request));
    out.send(
            new Target.Node(id.node()),
            new Control.Close(
                self.incarnation(), request, id.incarnation(), id.number(), code, reason))
        .whenComplete((receipt, e) -> taken(answer, receipt, e));
    return answer
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(e -> CompletableFuture.failedStage(explained(id, e)));
  }

  private static void taken(
      CompletableFuture<Boolean> answer, @Nullable Receipt receipt, @Nullable Throwable e) {
    if (e != null) {
      answer.completeExceptionally(e);
    } else if (receipt != null && receipt.status() == Receipt.Status.NOBODY) {
      answer.complete(false);
    }
  }

  private static Throwable explained(ConnectionId id, Throwable e) {
    return e instanceof TimeoutException
        ? new PublishException(
            "Node " + id.node() + " did not answer within " + PATIENCE.toSeconds() + " s", e)
        : e;
  }

  void received(NodeId asker, Control.Close close) {
    LocalRegistry connections = registry;
    boolean found =
        connections != null
            && connections.closeHere(
                new ConnectionId(self.id(), close.asked(), close.number()),
                close.code(),
                close.reason());
    out.send(
        new Target.Node(asker), new Control.Closed(self.incarnation(), close.request(), found));
  }

  void received(Control.Closed closed) {
    CompletableFuture<Boolean> answer = waiting.get(closed.request());
    if (answer != null) {
      answer.complete(closed.found());
    }
  }
}
