/** What both Redis drivers share: URIs, clients that fail fast, and what a log may show of them. */
@NullMarked
package io.pushwire.driver.redis;

import org.jspecify.annotations.NullMarked;
