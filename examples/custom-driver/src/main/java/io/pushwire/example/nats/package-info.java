/** A driver for NATS: messages between nodes at most once, losses reported. */
@NullMarked
package io.pushwire.example.nats;

import org.jspecify.annotations.NullMarked;
