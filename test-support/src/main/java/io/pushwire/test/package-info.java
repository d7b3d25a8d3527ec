/** A browser for the tests of the server and of the examples; no part of the product. */
@NullMarked
package io.pushwire.test;

import org.jspecify.annotations.NullMarked;
