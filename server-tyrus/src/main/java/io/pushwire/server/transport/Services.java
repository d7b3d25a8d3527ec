package io.pushwire.server.transport;

import io.pushwire.core.ConnectionRegistry;

/** What the handlers of all sockets share. */
record Services(
    TransportConfig config,
    ConnectionRegistry registry,
    HttpHandler http,
    HandshakeHandler handshakes,
    TyrusEngine tyrus,
    Census census,
    TransportListener watcher) {}
