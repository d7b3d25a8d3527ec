package io.pushwire.server.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.pushwire.api.ConnectionId;
import io.pushwire.core.Connection;
import io.pushwire.endpoint.CloseCode;
import io.pushwire.endpoint.CloseReasons;
import io.pushwire.server.transport.HandshakeHandler.Decision.Accepted;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket, from the moment its handshake is accepted. All but the accessors and {@link
 * #close} is for its loop only.
 */
final class NettyConnection extends Sweep.Swept implements Connection {
  private static final int CLOSE_MILLIS = 5_000;
  private static final int CLOSE_SLOW_MILLIS = 1_000;
  private static final Batch PING = ping();

  private final ConnectionId id;
  private final @Nullable String user;
  private final NettyLane lane;
  private final Channel channel;
  private final Outbox outbox;
  private final Calls calls = new Calls(this);
  private final int pingTicks;
  private final long expiresMillis;
  private final Runnable gone;

  private org.glassfish.tyrus.spi.@Nullable Connection tyrus; // once the handshake is answered
  private @Nullable CloseReason closeAtOpen;
  private int closeCode = CloseCodes.CLOSED_ABNORMALLY.getCode();
  private long openedAt;
  private boolean slow;
  private boolean ended; // for Tyrus: only the close frame may still have to go
  private boolean peerEnded;
  private int deadline;
  private int heard;
  private boolean pinged;
  private boolean paused;

  NettyConnection(ConnectionId id, Accepted accepted, NettyLane lane, Channel channel, IoKind io) {
    this.id = id;
    this.user = accepted.user().orElse(null);
    this.expiresMillis = accepted.expires().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
    this.gone = accepted.gone();
    this.lane = lane;
    this.channel = channel;
    this.outbox = new Outbox(this, channel, SocketWriter.of(channel, io));
    this.pingTicks = lane.pingTicks();
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
    } else if (closeAtOpen == null) {
      closeAtOpen = why;
    }
  }

  void opened(org.glassfish.tyrus.spi.Connection opened) {
    tyrus = opened;
    openedAt = System.nanoTime();
    if (closeAtOpen != null) {
      end(closeAtOpen);
    }
  }

  /** The session has closed. */
  void closedWith(CloseReason reason) {
    closeCode = reason.getCloseCode().getCode();
  }

  int closeCode() {
    return closeCode;
  }

  long openNanos() {
    return System.nanoTime() - openedAt;
  }

  /** The outbox was full. Later, since this happens in the midst of a fan-out. */
  void tooSlow() {
    slow = true;
    close(CloseCode.TOO_SLOW, "reads too slowly");
  }

  /** Tyrus has sent the close frame, or has nothing to say any more. */
  void ended() {
    if (!ended) {
      ended = true;
      deadline = lane.now() + Sweep.ticks(slow ? CLOSE_SLOW_MILLIS : CLOSE_MILLIS);
      // the client's close frame must be seen
      channel.config().setAutoRead(true);
      flushed();
    }
  }

  boolean isEnded() {
    return ended;
  }

  /** The client has sent its close frame. */
  void peerEnded() {
    peerEnded = true;
    flushed();
  }

  /** The server closes the socket first, but not before both close frames (RFC 6455, 7.1.1). */
  void flushed() {
    if (ended && peerEnded && outbox.isEmpty()) {
      channel.close();
    }
  }

  /** The socket has closed. Once only. */
  void lost() {
    peerEnded = true;
    outbox.close();
    if (tyrus != null) {
      tyrus.close(new CloseReason(CloseCodes.CLOSED_ABNORMALLY, ""));
    }
    ended = true;
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
          channel.config().setAutoRead(!paused || ended);
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
    if (ended) {
      if (now - deadline >= 0) {
        if (!outbox.isEmpty()) {
          // the client does not read: a reset frees what the kernel still holds for it
          channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
      }
    } else if (System.currentTimeMillis() >= expiresMillis) {
      end(CloseReasons.of(CloseCode.TOKEN_EXPIRED, "the token has expired"));
    } else if (paused) {
      heard = now; // it is this side that does not listen
    } else if (now - heard >= lane.deadTicks()) {
      channel.close();
    } else if (now - heard >= pingTicks && !pinged) {
      pinged = true;
      outbox.write(PING);
    }
  }

  private static Batch ping() {
    ByteBuf frame = Unpooled.directBuffer(2).writeByte(0x89).writeByte(0);
    return Batch.of(Unpooled.unreleasableBuffer(frame));
  }
}
