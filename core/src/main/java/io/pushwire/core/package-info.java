/**
 * The contracts, and the node that joins them. A message passes {@link io.pushwire.core.Sender},
 * {@link io.pushwire.core.MessageDriver}, the broker, {@link io.pushwire.core.Delivery} and {@link
 * io.pushwire.core.Lane}, in this order.
 */
@NullMarked
package io.pushwire.core;

import org.jspecify.annotations.NullMarked;
