package io.pushwire.server.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.pushwire.api.RefusedException;
import io.pushwire.server.transport.HandshakeHandler.Decision;
import io.pushwire.server.transport.HandshakeHandler.Decision.Accepted;
import io.pushwire.server.transport.HandshakeHandler.Decision.Refused;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a request to upgrade to an open WebSocket: decided, bound, answered, in this order, so that
 * a client that sees the 101 is reachable. Loop only.
 */
final class Handshake {
  /** After this long the broker's link counts as down, and the client is let in: {@value} ms. */
  static final int BIND_MILLIS = 1_000;

  private static final Logger log = LoggerFactory.getLogger(Handshake.class);

  private final Services services;
  private final NettyLane lane;
  private final Channel channel;
  private final HttpRequest request;
  private final Refusal refusal;
  private final long begun = System.nanoTime();
  private int deadline;
  private boolean abandoned;
  private @Nullable Opening opening; // while it is bound, and not answered yet

  /** A connection that is not open yet. */
  private record Opening(NettyConnection connection, CompletionStage<Void> bound) {}

  /** Hears that no WebSocket is opened. */
  interface Refusal {
    void refused(HttpRequest request, FullHttpResponse response);
  }

  Handshake(
      Services services, NettyLane lane, Channel channel, HttpRequest request, Refusal refusal) {
    this.services = services;
    this.lane = lane;
    this.channel = channel;
    this.request = request;
    this.refusal = refusal;
  }

  void begin(InetSocketAddress remote) {
    if (services.census().isDraining()) {
      refuseDraining();
      return;
    }
    CompletionStage<Decision> decision;
    try {
      decision = services.handshakes().decide(request, remote);
    } catch (RuntimeException e) {
      decision = CompletableFuture.failedStage(e);
    }
    decision.whenComplete((made, failure) -> lane.onLoop(() -> decided(made, failure)));
  }

  private void decided(@Nullable Decision decision, @Nullable Throwable failure) {
    if (decision instanceof Accepted accepted) {
      accept(accepted);
    } else if (abandoned) {
      log.debug("A client has gone before its handshake was decided");
    } else if (decision instanceof Refused refused) {
      refusal.refused(request, refused.response());
    } else {
      log.error("A handshake could not be decided", failure);
      refusal.refused(
          request, Problems.of(HttpResponseStatus.INTERNAL_SERVER_ERROR, "The log says more"));
    }
  }

  private void refuseDraining() {
    refusal.refused(request, Problems.unavailable("This node is being drained"));
  }

  private void accept(Accepted accepted) {
    if (abandoned) {
      accepted.gone().run();
      return;
    }
    NettyConnection connection =
        new NettyConnection(services.registry().newId(), accepted, services, lane, channel);
    deadline = lane.now() + Sweep.ticks(BIND_MILLIS);
    services.census().connectionAccepted();
    CompletableFuture<Void> bound = bind(connection, accepted.topics());
    opening = new Opening(connection, bound);
    bound.whenComplete((done, failure) -> lane.onLoop(() -> settled(failure)));
  }

  private CompletableFuture<Void> bind(NettyConnection connection, List<String> topics) {
    try {
      CompletableFuture<Void> bound = services.registry().bind(connection).toCompletableFuture();
      if (topics.isEmpty()) {
        return bound;
      }
      List<CompletableFuture<Void>> all = new ArrayList<>();
      all.add(bound);
      for (String topic : topics) {
        all.add(services.registry().join(connection, topic).toCompletableFuture());
      }
      return allOrFirstFailure(all);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** A refusal counts at once, also while others stay pending for a link that is down. */
  private static CompletableFuture<Void> allOrFirstFailure(List<CompletableFuture<Void>> stages) {
    CompletableFuture<Void> all = CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new));
    for (CompletableFuture<Void> stage : stages) {
      stage.exceptionally(
          failure -> {
            all.completeExceptionally(failure);
            return null;
          });
    }
    return all;
  }

  private void settled(@Nullable Throwable failure) {
    if (opening == null) {
      return; // answered or gone before
    }
    if (failure == null) {
      open(opening);
      return;
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof RefusedException) {
      log.info("A handshake is answered with 503: {}", cause.getMessage());
    } else {
      log.warn("A connection could not be bound, its handshake is answered with 503", cause);
    }
    abandon();
    refusal.refused(request, Problems.unavailable("The connection could not be bound"));
  }

  /** The socket has closed, or the connection is refused: forgets what was bound. */
  void abandon() {
    abandoned = true;
    Opening gone = opening;
    if (gone != null) {
      opening = null;
      gone.connection().lost();
      services.census().connectionClosed();
    }
  }

  void sweep(int now) {
    if (opening != null && now - deadline >= 0) {
      log.debug("A connection is opened although its bind is still pending");
      open(opening);
    }
  }

  private void open(Opening ready) {
    if (services.census().isDraining()) {
      abandon();
      refuseDraining();
      return;
    }
    opening = null;
    channel.pipeline().addLast(new WebSocketHandler(services, ready.connection()));
    ChannelFuture answered = channel.writeAndFlush(UpgradeRequests.answer(request));
    ready.connection().opened(ready.bound());
    services
        .watcher()
        .opened(ready.connection(), request, Remote.of(channel), System.nanoTime() - begun);
    channel.pipeline().remove(HttpServerHandler.class);
    channel.pipeline().remove(HttpResponseEncoder.class);
    // it passes on what the client has sent already
    channel.pipeline().remove(RequestDecoder.class);
    channel.config().setAutoRead(true);
    // last of all: a frame must not meet the HTTP encoder, nor overtake the answer
    answered.addListener(done -> ready.connection().outbox().open());
  }
}
