package io.pushwire.server.transport;

import io.netty.handler.codec.http.FullHttpResponse;
import io.pushwire.endpoint.ConnectionFactory.Binding;
import java.security.Principal;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.glassfish.tyrus.spi.Connection;
import org.glassfish.tyrus.spi.WebSocketEngine.UpgradeInfo;
import org.glassfish.tyrus.spi.Writer;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose session is not open yet. It is the session's principal: that is how Tyrus'
 * session, once it opens, is joined to its connection.
 */
final class Opening implements Principal {
  private final NettyConnection connection;
  private @Nullable FullHttpResponse response;
  private @Nullable UpgradeInfo upgrade;
  private @Nullable CompletionStage<Void> bound;

  Opening(NettyConnection connection) {
    this.connection = connection;
  }

  void prepared(UpgradeInfo upgrade, FullHttpResponse response) {
    this.upgrade = upgrade;
    this.response = response;
  }

  /** Whether Tyrus accepts the handshake. */
  boolean isPrepared() {
    return upgrade != null;
  }

  void bound(CompletionStage<Void> bound) {
    this.bound = bound;
  }

  NettyConnection connection() {
    return connection;
  }

  FullHttpResponse response() {
    return Objects.requireNonNull(response);
  }

  /** Opens the session; the endpoint's onOpen runs within. */
  Connection open(Writer writer) {
    Connection opened = Objects.requireNonNull(upgrade).createConnection(writer, reason -> {});
    // the session keeps its principal, and with it all that this refers to
    upgrade = null;
    response = null;
    return opened;
  }

  /** Asked once, when the session opens. */
  Binding binding() {
    Binding binding = new Binding(connection, Objects.requireNonNull(bound));
    bound = null;
    return binding;
  }

  @Override
  public String getName() {
    return connection.user().orElse("");
  }
}
