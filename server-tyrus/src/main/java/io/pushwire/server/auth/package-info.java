/**
 * Who may do what: who opens a WebSocket ({@link io.pushwire.server.auth.Authenticator}), and who
 * calls the HTTP API ({@link io.pushwire.server.auth.ApiKey}).
 */
@NullMarked
package io.pushwire.server.auth;

import org.jspecify.annotations.NullMarked;
