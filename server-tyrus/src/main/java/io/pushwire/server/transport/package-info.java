/**
 * Tyrus on Netty: one port for HTTP and WebSocket. Tyrus does the handshake, the frame parser, the
 * sessions and the close dance; Netty the sockets; the lanes write what Pushwire delivers.
 */
@NullMarked
package io.pushwire.server.transport;

import org.jspecify.annotations.NullMarked;
