/**
 * The in-process driver: the nodes of one JVM share a broker in memory. A real driver, written
 * against the public contract alone; for tests, for development, and for a single node.
 */
@NullMarked
package io.pushwire.core.memory;

import org.jspecify.annotations.NullMarked;
