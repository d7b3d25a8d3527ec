/**
 * The Jakarta WebSocket endpoint, by its standard API only: from a handshake to a bound connection,
 * and from a client's frame to the application's listener. Runs in any Jakarta container.
 */
@NullMarked
package io.pushwire.endpoint;

import org.jspecify.annotations.NullMarked;
