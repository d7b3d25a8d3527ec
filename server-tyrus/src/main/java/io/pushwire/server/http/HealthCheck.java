package io.pushwire.server.http;

import java.util.Map;

/**
 * One condition for taking traffic.
 *
 * @param name what is checked
 * @param up whether it holds
 * @param data what helps to understand it
 */
public record HealthCheck(String name, boolean up, Map<String, String> data) {}
