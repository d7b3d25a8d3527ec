package io.pushwire.server.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;

/**
 * How a connection ends (RFC 6455, section 7): each side sends a close frame, then the server
 * closes the socket; at once if it takes too long. Loop only.
 */
abstract class CloseDance extends Sweep.Swept {
  private static final int CLOSE_MILLIS = 5_000;
  private static final int CLOSE_SLOW_MILLIS = 1_000;

  private final NettyLane lane;
  private final Channel channel;
  private boolean slow;
  private boolean ended;
  private boolean peerEnded;
  private int deadline;

  CloseDance(NettyLane lane, Channel channel) {
    this.lane = lane;
    this.channel = channel;
  }

  abstract Outbox outbox();

  /** It is the client's slowness that ends it: it gets less time. */
  void slow() {
    slow = true;
  }

  /** This side's close frame is in the outbox, or there will be none. */
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

  /** The outbox is empty: the server closes first, but not before both close frames (7.1.1). */
  void flushed() {
    if (ended && peerEnded && outbox().isEmpty()) {
      channel.close();
    }
  }

  /** The socket has closed. */
  void over() {
    peerEnded = true;
    ended = true;
  }

  /** Looks whether the client takes too long, once this side has ended. */
  void sweepEnded(int now) {
    if (now - deadline >= 0) {
      if (!outbox().isEmpty()) {
        // the client does not read: a reset frees what the kernel still holds for it
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
      }
      channel.close();
    }
  }
}
