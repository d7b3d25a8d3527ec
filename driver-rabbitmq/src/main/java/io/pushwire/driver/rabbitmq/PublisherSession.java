package io.pushwire.driver.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import io.pushwire.api.PublishException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The publisher's part of one link: a channel with confirms, and what is not confirmed on it. */
final class PublisherSession {
  static final String DOWN = "the link is down";

  private static final int TRANSIENT = 1;
  private static final int PERSISTENT = 2;

  /** Of numbers in properties. */
  static final int RADIX = 36;

  private static final Logger log = LoggerFactory.getLogger(PublisherSession.class);

  final Unconfirmed unconfirmed = new Unconfirmed();
  private final Link link;
  private final Channel channel;
  private final Cork cork;
  private final String origin;
  private final int deliveryMode;
  private volatile @Nullable String blocked;
  private volatile boolean silent;
  private volatile boolean ended;
  private volatile @Nullable String refused;

  /**
   * @param origin names this start of this node
   */
  PublisherSession(Link link, String origin, boolean persistent) throws IOException {
    this.link = link;
    this.origin = origin;
    this.deliveryMode = persistent ? PERSISTENT : TRANSIENT;
    this.channel = link.publishChannel();
    this.cork = link.cork();
    channel.confirmSelect();
    channel.addConfirmListener(
        (tag, multiple) -> answered(unconfirmed.remove(tag, multiple), true),
        (tag, multiple) -> answered(unconfirmed.remove(tag, multiple), false));
    channel.addReturnListener(this::returned);
    channel.addShutdownListener(this::ended);
    channel
        .getConnection()
        .addBlockedListener(
            reason -> {
              log.warn("RabbitMQ takes no messages for now: {}", reason);
              blocked = reason;
            },
            () -> {
              log.info("RabbitMQ takes messages again");
              blocked = null;
            });
  }

  /** Why nothing should be published now; null: it may. */
  @Nullable String trouble() {
    String reason = blocked;
    if (ended) {
      return DOWN;
    } else if (reason != null) {
      return "it takes no messages for now (" + reason + ")";
    }
    return silent ? "it does not answer" : null;
  }

  boolean isBlocked() {
    return blocked != null;
  }

  boolean isUp() {
    return !ended;
  }

  /** Whether the broker closed the channel because of something that was written to it. */
  boolean wasRefused() {
    return refused != null;
  }

  /** What the broker said to that. */
  String why() {
    return String.valueOf(refused);
  }

  /** The broker has not answered for too long. */
  void silent() {
    silent = true;
  }

  /**
   * Writes a message; blocks while too many are unconfirmed. For one thread.
   *
   * @return false if the channel has ended before; whether it reached the broker if it ends
   *     meanwhile is unknown, and it is in {@link #unconfirmed}
   */
  boolean write(Outgoing outgoing, Sequences sequences) throws InterruptedException {
    // a suspect goes alone, so that the broker's next refusal says which one it was
    int window = outgoing.suspect ? 1 : Unconfirmed.WINDOW;
    if (!unconfirmed.isLessThan(window)) {
      flush();
      if (!unconfirmed.awaitLessThan(window)) {
        return false;
      }
    }
    cork.hold();
    long tag = channel.getNextPublishSeqNo();
    BasicProperties properties = outgoing.properties;
    // what has no queue comes back first, and is found by our own message id
    boolean mandatory = properties == null;
    if (properties == null) {
      if (outgoing.sequence == 0) {
        outgoing.sequence = sequences.next(outgoing.route);
      }
      // short strings: a table of headers costs the broker 4 % more for a small message
      properties =
          new BasicProperties.Builder()
              .appId(origin)
              .deliveryMode(deliveryMode)
              .messageId(Long.toString(tag, RADIX))
              .correlationId(Long.toString(outgoing.sequence, RADIX))
              .build();
    }
    unconfirmed.add(tag, outgoing);
    try {
      channel.basicPublish(
          outgoing.route.exchange(), outgoing.route.key(), mandatory, properties, outgoing.body);
      if (outgoing.suspect) {
        flush();
        unconfirmed.awaitLessThan(1);
      }
    } catch (IOException | ShutdownSignalException e) {
      end();
    } catch (RuntimeException e) {
      // the library has given it a number, the broker will not: all later confirms would be wrong
      outgoing.failed(
          new PublishException(
              "Message " + outgoing.id + " cannot be written: " + e.getMessage(), e));
      end();
      link.lost("a message could not be written: " + e.getMessage());
    }
    return true;
  }

  /** What was written leaves at the latest now. */
  void flush() {
    try {
      cork.release();
    } catch (IOException e) {
      // who reads from this connection finds out as well
      end();
    }
  }

  private void answered(List<Outgoing> answered, boolean taken) {
    silent = false;
    for (Outgoing outgoing : answered) {
      if (taken) {
        outgoing.confirmed();
      } else {
        // not sent again from here: of a broadcast, some nodes may have it
        outgoing.failed(
            new PublishException(
                "RabbitMQ refused message "
                    + outgoing.id
                    + " (nack); send again with the same id"));
      }
    }
  }

  private void returned(Return message) {
    String tag = message.getProperties().getMessageId();
    if (tag != null) {
      try {
        unconfirmed.returned(Long.parseLong(tag, RADIX));
      } catch (NumberFormatException e) {
        log.debug("RabbitMQ returned a message that is not ours: {}", tag);
      }
    }
  }

  private void ended(ShutdownSignalException cause) {
    if (!cause.isHardError() && !cause.isInitiatedByApplication()) {
      refused = cause.getMessage();
    }
    end();
  }

  private void end() {
    ended = true;
    unconfirmed.channelEnded();
  }
}
