package io.pushwire.server.transport;

import io.pushwire.core.ConnectionRegistry;
import io.pushwire.endpoint.ConnectionListener;

/** What the handlers of all sockets share. */
record Services(
    TransportConfig config,
    ConnectionRegistry registry,
    HttpHandler http,
    HandshakeHandler handshakes,
    TyrusEngine tyrus,
    ConnectionListener listener,
    Census census,
    TransportListener watcher) {}
