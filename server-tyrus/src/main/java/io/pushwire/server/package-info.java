/**
 * The reference server: command line, configuration, and the object that joins node, listener,
 * transport and HTTP. Its rooms: {@code transport} for the sockets, {@code http} for what is
 * answered on them.
 */
@NullMarked
package io.pushwire.server;

import org.jspecify.annotations.NullMarked;
