package io.pushwire.server.http;

import java.util.Optional;

/**
 * What there is for browsers.
 *
 * @param own pages of whoever runs the server; they come before the demo page's files
 * @param demo whether there is the demo page
 * @param inbound the demo page is told what becomes of what clients say
 */
public record Pages(Optional<PageFolder> own, boolean demo, String inbound) {}
