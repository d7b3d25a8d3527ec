package io.pushwire.server.http;

import static java.util.concurrent.CompletableFuture.completedStage;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /health}: JSON as MicroProfile Health has it. */
final class Health {
  private final Supplier<List<HealthCheck>> checks;

  Health(Supplier<List<HealthCheck>> checks) {
    this.checks = checks;
  }

  /** The process answers; nothing else may make an orchestrator kill it, least of all a broker. */
  CompletionStage<FullHttpResponse> live(Request request) {
    return answer(List.of());
  }

  CompletionStage<FullHttpResponse> ready(Request request) {
    return answer(checks.get());
  }

  private static CompletionStage<FullHttpResponse> answer(List<HealthCheck> checks) {
    boolean up = checks.stream().allMatch(HealthCheck::up);
    ObjectNode json = Json.object().put("status", status(up));
    ArrayNode array = json.putArray("checks");
    for (HealthCheck check : checks) {
      ObjectNode data =
          array
              .addObject()
              .put("name", check.name())
              .put("status", status(check.up()))
              .putObject("data");
      check.data().forEach(data::put);
    }
    return completedStage(
        Answers.json(up ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE, json));
  }

  private static String status(boolean up) {
    return up ? "UP" : "DOWN";
  }
}
