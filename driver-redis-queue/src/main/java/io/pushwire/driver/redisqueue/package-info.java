/**
 * The driver {@code redis-queue}: a list per user in Redis, which foreign programs may write to as
 * well. Messages wait there for their user, and survive the node that was delivering them.
 */
@NullMarked
package io.pushwire.driver.redisqueue;

import org.jspecify.annotations.NullMarked;
