package io.pushwire.server.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.pushwire.api.ConnectionId;
import io.pushwire.core.Connection;
import io.pushwire.endpoint.CloseCode;
import io.pushwire.endpoint.CloseReasons;
import io.pushwire.server.transport.HandshakeHandler.Decision.Accepted;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.glassfish.tyrus.spi.ReadHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket, from the moment its handshake is accepted. All but the accessors and {@link
 * #close} is for its loop only.
 */
final class NettyConnection extends CloseDance implements Connection {
  private static final Batch PING = ping();
  private static final Logger log = LoggerFactory.getLogger(NettyConnection.class);

  private final ConnectionId id;
  private final @Nullable String user;
  private final NettyLane lane;
  private final Channel channel;
  private final Outbox outbox;
  private final Calls calls = new Calls(this);
  private final long expiresMillis;
  private final Runnable gone;
  private final Services services;

  private boolean answered; // the handshake
  private boolean told; // the listener, that it is open
  private @Nullable CompletableFuture<Void> reachable; // what waits for that, if anything does
  private org.glassfish.tyrus.spi.@Nullable Connection tyrus; // since the client said something
  private @Nullable CloseReason closeAtOpen;
  private int closeCode = CloseCodes.CLOSED_ABNORMALLY.getCode();
  private long openedAt;
  private boolean closed;
  private int heard;
  private boolean pinged;
  private boolean paused;

  NettyConnection(
      ConnectionId id, Accepted accepted, Services services, NettyLane lane, Channel channel) {
    super(lane, channel);
    this.id = id;
    this.user = accepted.user().orElse(null);
    this.expiresMillis = accepted.expires().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
    this.gone = accepted.gone();
    this.lane = lane;
    this.channel = channel;
    this.outbox = new Outbox(this, channel, SocketWriter.socket(channel, services.config().io()));
    this.services = services;
    this.heard = lane.now();
  }

  @Override
  public ConnectionId id() {
    return id;
  }

  @Override
  public Optional<String> user() {
    return Optional.ofNullable(user);
  }

  @Override
  public NettyLane lane() {
    return lane;
  }

  @Override
  Outbox outbox() {
    return outbox;
  }

  Calls calls() {
    return calls;
  }

  @Override
  public void close(int code, String reason) {
    CloseReason why = CloseReasons.of(code, reason);
    lane.execute(() -> end(why));
  }

  /** Begins the close dance; a second call does nothing. */
  void end(CloseReason why) {
    if (tyrus != null) {
      tyrus.close(why);
    } else if (!answered) {
      closeAtOpen = closeAtOpen == null ? why : closeAtOpen;
    } else if (!isEnded()) {
      Batch frame = CloseFrame.of(why);
      outbox.writeLast(frame);
      frame.release();
      closedWith(why);
      ended();
    }
  }

  /** The handshake has been answered. */
  void opened(CompletionStage<Void> bound) {
    answered = true;
    openedAt = System.nanoTime();
    lane.connections().add(this);
    bound.whenComplete((done, refused) -> lane.onLoop(() -> bound(refused)));
    if (closeAtOpen != null) {
      end(closeAtOpen);
    }
  }

  private void bound(@Nullable Throwable refused) {
    if (closed) {
      return;
    }
    if (refused != null) {
      Throwable cause = refused.getCause() == null ? refused : refused.getCause();
      log.warn("Connection {} was refused: {}", id, cause.toString());
      end(CloseReasons.of(CloseCode.INTERNAL, "refused by the broker"));
      return;
    }
    told = true;
    services.listener().opened(this);
    if (reachable != null) {
      reachable.complete(null);
    }
  }

  /** Completes when the listener knows of it. */
  CompletionStage<Void> reachable() {
    if (told) {
      return CompletableFuture.completedStage(null);
    }
    reachable = new CompletableFuture<>();
    return reachable;
  }

  /** What takes the client's frames; opens the session with the first one. */
  ReadHandler session() {
    org.glassfish.tyrus.spi.Connection open = tyrus;
    if (open == null) {
      open = services.tyrus().open(this);
      tyrus = open;
    }
    return open.getReadHandler();
  }

  /** It takes part no more; only the first reason counts. */
  void closedWith(CloseReason reason) {
    if (closed) {
      return;
    }
    closed = true;
    closeCode = reason.getCloseCode().getCode();
    services.registry().unbind(this);
    if (told) {
      services.listener().closed(this, closeCode, reason.getReasonPhrase());
    }
  }

  int closeCode() {
    return closeCode;
  }

  long openNanos() {
    return System.nanoTime() - openedAt;
  }

  /** The outbox was full. Later, since this happens in the midst of a fan-out. */
  void tooSlow() {
    slow();
    close(CloseCode.TOO_SLOW, "reads too slowly");
  }

  /** The socket has closed. Once only. */
  void lost() {
    lane.connections().remove(this);
    outbox.close();
    CloseReason why = new CloseReason(CloseCodes.CLOSED_ABNORMALLY, "");
    if (tyrus != null) {
      tyrus.close(why);
    }
    closedWith(why);
    over();
    gone.run();
  }

  /** Something came from the client. */
  void heard() {
    heard = lane.now();
    pinged = false;
  }

  /**
   * Takes frames from the client or not, those too that have been read already, as {@link Calls}
   * wants it by then. Any thread.
   */
  void pauseOrResume() {
    lane.onLoop(
        () -> {
          boolean before = paused;
          paused = calls.isPaused();
          channel.config().setAutoRead(!paused || isEnded());
          if (before && !paused) {
            channel.pipeline().fireChannelRead(Unpooled.EMPTY_BUFFER);
          }
        });
  }

  boolean isPaused() {
    return paused;
  }

  @Override
  void sweep(int now) {
    if (isEnded()) {
      sweepEnded(now);
    } else if (System.currentTimeMillis() >= expiresMillis) {
      end(CloseReasons.of(CloseCode.TOKEN_EXPIRED, "the token has expired"));
    } else if (paused) {
      heard = now; // it is this side that does not listen
    } else if (now - heard >= lane.deadTicks()) {
      channel.close();
    } else if (now - heard >= lane.pingTicks() && !pinged) {
      pinged = true;
      outbox.write(PING);
    }
  }

  private static Batch ping() {
    ByteBuf frame = Unpooled.directBuffer(2).writeByte(0x89).writeByte(0);
    return Batch.of(Unpooled.unreleasableBuffer(frame));
  }
}
