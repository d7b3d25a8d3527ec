/** What an operator sees of a running server: metrics and logs. */
@NullMarked
package io.pushwire.server.observe;

import org.jspecify.annotations.NullMarked;
