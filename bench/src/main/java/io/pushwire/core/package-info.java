/** Benchmarks of core, in its package so that nothing of it has to be public for their sake. */
@NullMarked
package io.pushwire.core;

import org.jspecify.annotations.NullMarked;
