/**
 * The definition of a driver, as tests: whoever passes {@code MessageDriverContract} is one. Also
 * the test doubles that stand in for an endpoint.
 */
@NullMarked
package io.pushwire.testkit;

import org.jspecify.annotations.NullMarked;
