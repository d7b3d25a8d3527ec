/** Benchmarks of the transport, in its package so that nothing of it has to be public for them. */
@NullMarked
package io.pushwire.server.transport;

import org.jspecify.annotations.NullMarked;
