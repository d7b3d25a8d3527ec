/**
 * What the server answers over HTTP: the API, health, the demo page and its jobs; and who may open
 * a WebSocket.
 */
@NullMarked
package io.pushwire.server.http;

import org.jspecify.annotations.NullMarked;
