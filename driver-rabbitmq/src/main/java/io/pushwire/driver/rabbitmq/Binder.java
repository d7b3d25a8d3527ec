package io.pushwire.driver.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Binds a queue to many routes, and unbinds it. Blocks. */
final class Binder {
  /** So many are sent before an answer is waited for. */
  private static final int BATCH = 500;

  private Binder() {}

  /**
   * Binds; what is bound already stays so.
   *
   * @return the exchanges that the broker does not allow
   */
  static Set<String> bind(Connection connection, String queue, List<Route> routes)
      throws IOException {
    Set<String> refused = new TreeSet<>();
    try {
      bindAll(connection, queue, routes);
    } catch (IOException | AlreadyClosedException e) {
      if (Topology.replyCode(e) != AMQP.ACCESS_REFUSED) {
        throw new IOException("Could not bind " + queue, e);
      }
      for (Route route : routes) {
        if (!refused.contains(route.exchange()) && !isAllowed(connection, queue, route)) {
          refused.add(route.exchange());
        }
      }
    }
    return refused;
  }

  private static void bindAll(Connection connection, String queue, List<Route> routes)
      throws IOException {
    Channel channel = connection.createChannel();
    for (int i = 0; i < routes.size(); i++) {
      Route route = routes.get(i);
      if (i % BATCH == BATCH - 1 || i == routes.size() - 1) {
        channel.queueBind(queue, route.exchange(), route.key());
      } else {
        channel.queueBindNoWait(queue, route.exchange(), route.key(), Map.of());
      }
    }
    channel.abort();
  }

  private static boolean isAllowed(Connection connection, String queue, Route route)
      throws IOException {
    try {
      bindAll(connection, queue, List.of(route));
      return true;
    } catch (IOException e) {
      if (Topology.replyCode(e) != AMQP.ACCESS_REFUSED) {
        throw e;
      }
      return false;
    }
  }

  static void unbind(Connection connection, String queue, Collection<Route> routes)
      throws IOException {
    if (routes.isEmpty()) {
      return;
    }
    Channel channel = connection.createChannel();
    for (Route route : routes) {
      channel.queueUnbind(queue, route.exchange(), route.key());
    }
    channel.abort();
  }
}
