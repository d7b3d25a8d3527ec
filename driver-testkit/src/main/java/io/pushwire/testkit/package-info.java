/**
 * The definition of a driver, as tests: whoever passes {@code MessageDriverContract} is one. Also
 * the test doubles that stand in for an endpoint, private brokers as child processes, a TCP proxy
 * that breaks connections in the ways that networks do, and JVMs that can be killed.
 */
@NullMarked
package io.pushwire.testkit;

import org.jspecify.annotations.NullMarked;
