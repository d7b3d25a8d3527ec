/** A business service that knows of Pushwire an address and a queue, and no class. */
@NullMarked
package io.pushwire.example.business;

import org.jspecify.annotations.NullMarked;
