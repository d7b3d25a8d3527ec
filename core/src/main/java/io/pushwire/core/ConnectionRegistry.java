package io.pushwire.core;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.RefusedException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Who is connected. The endpoint tells it of each connection; applications ask it. Any thread; no
 * call blocks.
 *
 * @since 0.1
 */
public interface ConnectionRegistry {
  /**
   * @return an id for a connection that is about to be bound
   */
  ConnectionId newId();

  /**
   * Makes a connection reachable by its id, its user, and as part of everyone. Once the stage is
   * complete, nothing published afterwards misses it. While the link to the broker is down the
   * stage stays pending; the connection may be used meanwhile.
   *
   * @param connection open, or about to open: its lane may write to it before this returns
   * @return fails with {@link RefusedException} if the broker refuses the user's subscription; then
   *     the connection is not bound
   */
  CompletionStage<Void> bind(Connection connection);

  /**
   * Forgets a connection that has closed, with all its topics. Does nothing if it is not bound.
   *
   * @param connection the connection
   */
  void unbind(Connection connection);

  /**
   * Makes a bound connection a member of a topic; a second time does nothing.
   *
   * @param connection the connection
   * @param topic the topic
   * @return completes when nothing published to the topic afterwards misses the connection; fails
   *     with {@link RefusedException} if the broker refuses the topic
   */
  CompletionStage<Void> join(Connection connection, String topic);

  /**
   * Ends a membership; does nothing if there is none.
   *
   * @param connection the connection
   * @param topic the topic
   */
  void leave(Connection connection, String topic);

  /**
   * @param connection a connection
   * @return the topics that it joined
   */
  Set<String> topics(Connection connection);

  /**
   * @param id a connection's id
   * @return the connection, if this node holds it
   */
  Optional<Connection> find(ConnectionId id);

  /**
   * @return how many connections this node holds
   */
  int size();

  /**
   * @return how many users have a connection that this node holds
   */
  int users();

  /**
   * Begins to close a connection on whichever node holds it.
   *
   * @param id the connection's id
   * @param code the WebSocket close code, as in {@link Connection#close}
   * @param reason what does not fit into 123 bytes of UTF-8 is cut
   * @return whether there was one: at once if this node holds it or the roster knows of no such
   *     node, else as soon as the other node answers; fails with {@link
   *     io.pushwire.api.PublishException} if it cannot be asked, or does not answer within two
   *     seconds
   */
  CompletionStage<Boolean> close(ConnectionId id, int code, String reason);

  /**
   * Answers from the roster, which every node keeps for all nodes: at once, without asking anybody.
   * It follows the truth within a quarter of a second, and forgets a node that died within ten.
   * Routing does not depend on it.
   *
   * @param user a user
   * @return whether he has a connection on any node
   * @throws IllegalStateException if {@code roster=off}
   */
  boolean isOnline(String user);

  /**
   * @param user a user
   * @return his connections on all nodes, in no order
   * @throws IllegalStateException if {@code roster=off}
   */
  List<ConnectionId> connections(String user);

  /**
   * @return the nodes that are up, this one among them
   * @throws IllegalStateException if {@code roster=off}
   */
  Set<NodeInfo> nodes();

  /**
   * @return whether what is said of other nodes may be out of date, since this node's own link to
   *     the broker is down
   * @throws IllegalStateException if {@code roster=off}
   */
  boolean isStale();
}
