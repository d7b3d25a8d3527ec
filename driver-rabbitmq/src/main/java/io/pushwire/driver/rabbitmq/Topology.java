package io.pushwire.driver.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * Exchanges and queues. What is there is used as it is; only what is not is declared. So an
 * operator may create all of it with the arguments he likes and give us no right to configure, and
 * a difference never ends in a loop of refused declarations.
 */
final class Topology {
  /** How long a node's queue outlives the node, or its link. */
  static final int QUEUE_EXPIRES_MILLIS = 60_000;

  /** How much is kept of what could not be read. */
  static final int DEAD_LIMIT = 10_000;

  private final Names names;
  private final int queueLimit;

  Topology(Names names, int queueLimit) {
    this.names = names;
    this.queueLimit = queueLimit;
  }

  void ensureExchanges(Connection connection) throws IOException {
    ensureExchange(connection, names.all, BuiltinExchangeType.FANOUT);
    ensureExchange(connection, names.keyed, BuiltinExchangeType.DIRECT);
    ensureExchange(connection, names.nodes, BuiltinExchangeType.FANOUT);
  }

  private static void ensureExchange(Connection connection, String name, BuiltinExchangeType type)
      throws IOException {
    if (!exists(connection, channel -> channel.exchangeDeclarePassive(name))) {
      with(connection, channel -> channel.exchangeDeclare(name, type, true));
    }
  }

  /**
   * The queue of this node: not exclusive, since such a queue goes with its connection and loses
   * what waits; not for ever, so that nothing is left of a node that died. It feeds one consumer at
   * a time: a new link gets nothing before the broker knows that the old one is gone and has put
   * back what that held, else messages would overtake each other.
   *
   * @return whether it was there
   */
  boolean ensureNodeQueue(Connection connection) throws IOException {
    if (queueExists(connection, names.nodeQueue)) {
      return true;
    }
    Map<String, Object> arguments =
        Map.of(
            "x-expires",
            QUEUE_EXPIRES_MILLIS,
            "x-max-length",
            queueLimit,
            "x-overflow",
            "drop-head",
            "x-single-active-consumer",
            true);
    with(
        connection,
        channel -> channel.queueDeclare(names.nodeQueue, true, false, false, arguments));
    return false;
  }

  /** A queue that foreign programs write to. Without arguments, as they declare it themselves. */
  static void ensureIngressQueue(Connection connection, String queue) throws IOException {
    if (!queueExists(connection, queue)) {
      with(connection, channel -> channel.queueDeclare(queue, true, false, false, Map.of()));
    }
  }

  static void ensureDeadQueue(Connection connection, String queue) throws IOException {
    if (!queueExists(connection, queue)) {
      Map<String, Object> arguments = Map.of("x-max-length", DEAD_LIMIT);
      with(connection, channel -> channel.queueDeclare(queue, true, false, false, arguments));
    }
  }

  private static boolean queueExists(Connection connection, String queue) throws IOException {
    return exists(connection, channel -> channel.queueDeclarePassive(queue));
  }

  private static boolean exists(Connection connection, Call call) throws IOException {
    try {
      with(connection, call);
      return true;
    } catch (IOException e) {
      if (replyCode(e) == AMQP.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /** On a channel of its own, since a refusal closes the channel. */
  private static void with(Connection connection, Call call) throws IOException {
    try (Channel channel = connection.createChannel()) {
      call.on(channel);
    } catch (TimeoutException e) {
      throw new IOException("RabbitMQ does not answer", e);
    }
  }

  /** Why the broker closed a channel or connection; 0 if it did not. */
  static int replyCode(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ShutdownSignalException signal) {
        if (signal.getReason() instanceof AMQP.Channel.Close close) {
          return close.getReplyCode();
        } else if (signal.getReason() instanceof AMQP.Connection.Close close) {
          return close.getReplyCode();
        }
      }
    }
    return 0;
  }

  private interface Call {
    void on(Channel channel) throws IOException;
  }
}
