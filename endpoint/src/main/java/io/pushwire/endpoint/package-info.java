/**
 * The Jakarta WebSocket endpoint, by its standard API only: from a handshake to a bound connection,
 * from a client's frame to the application's listener, and from a lane to the sockets. Runs in any
 * Jakarta container.
 *
 * <p>Applications begin with {@link io.pushwire.endpoint.PushwireEndpoints}. A container that
 * writes to its sockets itself gives {@link io.pushwire.endpoint.PushwireEndpoint} a {@link
 * io.pushwire.endpoint.ConnectionFactory} of its own.
 */
@NullMarked
package io.pushwire.endpoint;

import org.jspecify.annotations.NullMarked;
