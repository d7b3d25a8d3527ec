/**
 * The driver on Redis Pub/Sub: live messages between nodes, at most once, loss reported; whoever
 * can {@code PUBLISH} can send. Standalone, Sentinel and Cluster.
 */
@NullMarked
package io.pushwire.driver.redispubsub;

import org.jspecify.annotations.NullMarked;
