package io.pushwire.server.http;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** {@code /metrics}, for Prometheus. Collected off the event loops: the JVM takes its time. */
final class Scrape implements Resource {
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Supplier<String> metrics;

  Scrape(Supplier<String> metrics) {
    this.metrics = metrics;
  }

  @Override
  public CompletionStage<FullHttpResponse> answer(Request request) {
    return CompletableFuture.supplyAsync(
        () ->
            Answers.bytes(
                HttpResponseStatus.OK, TYPE, metrics.get().getBytes(StandardCharsets.UTF_8)));
  }
}
