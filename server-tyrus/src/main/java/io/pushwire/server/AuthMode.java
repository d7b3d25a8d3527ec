package io.pushwire.server;

/** {@code auth}: how it is known who opens a WebSocket. */
enum AuthMode {
  NONE,
  JWT
}
